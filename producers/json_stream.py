"""Large JSON files read piece by piece: elements of arrays one at a time, memory bounded by the largest of them."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from processors.errors import ItemError

CHUNK = 1 << 16  # characters
MAX_VALUE = 1 << 24  # characters of one value that is read whole


class JsonStream:
    """A cursor in a JSON text. The caller walks into objects and arrays, and reads or skips what it meets."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._buffer, self._at, self._ended = stream, "", 0, False
        self._decoder = json.JSONDecoder()

    def members(self) -> Iterator[str]:
        """The keys of the object that comes next; each key's value must be walked or read before the next key."""
        self._expect("{")
        while self._peek() != "}":
            key = self.value()
            if not isinstance(key, str):
                raise ItemError("a key that is no text")
            self._expect(":")
            yield key
            self._separator("}")
        self._at += 1

    def elements(self) -> Iterator[None]:
        """Stops at each element of the array that comes next; it must be walked or read before the next one."""
        self._expect("[")
        while self._peek() != "]":
            yield None
            self._separator("]")
        self._at += 1

    def value(self) -> Any:
        """The value that comes next, read whole."""
        self._peek()
        wanted = CHUNK
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
                if end < len(self._buffer) or self._ended:
                    self._at = end
                    return value
            except json.JSONDecodeError as error:
                if self._ended:
                    raise ItemError(f"is no JSON: {error.msg}") from None
            except ValueError:  # Python's limit on the digits of a number
                raise ItemError("has a number of too many digits") from None
            except RecursionError:
                raise ItemError("is nested too deeply") from None
            if len(self._buffer) - self._at > MAX_VALUE:
                raise ItemError(f"a value of more than {MAX_VALUE} characters, or broken JSON")
            self._more(wanted)
            wanted *= 2

    def next_is(self, mark: str) -> bool:
        """Whether what comes next begins so: `{` for an object, `[` for an array."""
        return self._peek() == mark

    def _peek(self) -> str:
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in " \t\r\n\ufeff":
                    return self._buffer[self._at]
                self._at += 1
            if self._ended:
                raise ItemError("ends too early")
            self._more(CHUNK)

    def _expect(self, mark: str) -> None:
        if self._peek() != mark:
            raise ItemError(f"{mark!r} is expected, not {self._peek()!r}")
        self._at += 1

    def _separator(self, end: str) -> None:
        if self._peek() == ",":
            self._at += 1
        elif self._peek() != end:
            raise ItemError(f"',' or {end!r} is expected, not {self._peek()!r}")

    def _more(self, size: int) -> None:
        piece = self._stream.read(size)
        self._ended = not piece
        self._buffer, self._at = self._buffer[self._at :] + piece, 0
