"""What the commands say besides data: on standard error, progress only on a terminal."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import BinaryIO, TypeVar

T = TypeVar("T")
SECONDS_BETWEEN = 0.5


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)  # noqa: T201  the command line's own voice


class Progress:
    """A count on one line that is written over; nothing where standard error is no terminal."""

    def __init__(self, what: str) -> None:
        self._what, self._shown = what, 0.0
        self._on = sys.stderr.isatty()
        self._count = 0

    def over(self, chunks: Iterable[list[T]]) -> Iterator[list[T]]:
        """Passes the chunks on and counts what is in them."""
        for chunk in chunks:
            self._count += len(chunk)
            if self._on and time.monotonic() - self._shown > SECONDS_BETWEEN:
                self._shown = time.monotonic()
                print(f"\r{self._count} {self._what} …\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201
            yield chunk
        if self._on:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201


def emit(stream: BinaryIO, line: bytes) -> None:
    """One line of data, at once: whoever reads may be waiting for it."""
    stream.write(line + b"\n")
    stream.flush()
