"""Many structs in little memory: kept encoded, the latest used also as they are.

A struct of a few dozen fields, strings and small tables takes five to ten times its encoded size as Python objects.
"""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
_ENCODER = msgspec.msgpack.Encoder()


class Packed(Generic[T]):
    """A mapping of names to structs of one type. `most`: how many are kept decoded as well."""

    def __init__(self, kind: type[T], most: int) -> None:
        self._decoder, self._most = msgspec.msgpack.Decoder(kind), most
        self._packed: dict[str, bytes] = {}
        self._ready: OrderedDict[str, T] = OrderedDict()

    def __len__(self) -> int:
        return len(self._packed)

    def __contains__(self, name: str) -> bool:
        return name in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def get(self, name: str) -> T | None:
        if (found := self._ready.get(name)) is not None:
            self._ready.move_to_end(name)
            return found
        if (packed := self._packed.get(name)) is None:
            return None
        return self._keep(name, self._decoder.decode(packed))

    def put(self, name: str, value: T) -> None:
        self._packed[name] = _ENCODER.encode(value)
        self._keep(name, value)

    def pop(self, name: str) -> T | None:
        """Takes it out; None if it is not there."""
        found = self.get(name)
        self._packed.pop(name, None)
        self._ready.pop(name, None)
        return found

    def peek(self, name: str) -> T:
        """For going through all: does not count as used. Raises KeyError."""
        return self._ready.get(name) or self._decoder.decode(self._packed[name])

    def _keep(self, name: str, value: T) -> T:
        self._ready[name] = value
        self._ready.move_to_end(name)
        if len(self._ready) > self._most:
            self._ready.popitem(last=False)
        return value
