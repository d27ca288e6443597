"""The extract stage as runtimes call it: a text that breaks the reading costs only itself."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from processors.errors import ConfigError, ResourceError
from processors.model import Item, ItemMentions
from streams import topology
from streams.deadletter import code_of, reason_of

In = TypeVar("In")
Out = TypeVar("Out")


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """An item that could not be read, and why; `code` is of bounded variety."""

    item: Item
    code: str
    reason: str


def read_all(reader: topology.Reader, items: Sequence[Item]) -> list[ItemMentions | Unread]:
    """What each item tells, in order."""
    return each_alone(lambda some: topology.extract(reader, some), items, lambda item: item)


def each_alone(
    work: Callable[[Sequence[In]], list[Out]], inputs: Sequence[In], item_of: Callable[[In], Item]
) -> list[Out | Unread]:
    """All inputs at once; where that fails one by one. Raises only what no text can help: a model missing."""
    if not inputs:
        return []
    try:
        return list(work(inputs))
    except (ConfigError, ResourceError):
        raise
    except Exception as error:  # whatever a text brings about in a parser is that text's fault
        if len(inputs) > 1:
            return [out for each in inputs for out in each_alone(work, [each], item_of)]
        return [Unread(item=item_of(inputs[0]), code=code_of(error), reason=reason_of(error))]
