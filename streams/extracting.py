"""The extract stage as runtimes call it: a text that breaks the reading costs only itself."""

from collections.abc import Sequence

import msgspec

from processors.errors import ConfigError, ResourceError
from processors.model import Item, ItemMentions
from streams import topology
from streams.deadletter import code_of, reason_of


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """An item that could not be read, and why; `code` is of bounded variety."""

    item: Item
    code: str
    reason: str


def read_all(reader: topology.Reader, items: Sequence[Item]) -> list[ItemMentions | Unread]:
    """What each item tells, in order. All at once; where that fails one by one."""
    if not items:
        return []
    try:
        return list(topology.extract(reader, items))
    except (ConfigError, ResourceError):  # nothing that the text could help
        raise
    except Exception as error:  # whatever a text brings about in a parser is that text's fault
        if len(items) > 1:
            return [each for item in items for each in read_all(reader, [item])]
        return [Unread(item=items[0], code=code_of(error), reason=reason_of(error))]
