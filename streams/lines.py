"""JSON lines from files and pipes, read by a thread into a bounded queue and taken in chunks of what is there."""

import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, Full, Queue
from typing import BinaryIO

import msgspec

from processors.errors import ConfigError
from streams.codec import MAX_LINE

AHEAD = 1024  # lines read ahead of the work
PATIENCE = 0.05  # seconds in which a file's first lines are there


class Line(msgspec.Struct, frozen=True):
    """One line that is not blank; `number` counts from 1."""

    origin: str
    number: int
    data: bytes


class Lines:
    """The lines of a file, or of standard input for `-`. A line too long is cut, and so is no item."""

    def __init__(self, path: str) -> None:
        self._stack = ExitStack()
        self._name = "standard input" if path == "-" else path
        self._queue: Queue[Line | OSError | None] = Queue(AHEAD)
        self._stop = threading.Event()
        self._ended = False
        stream = sys.stdin.buffer if path == "-" else self._stack.enter_context(_opened(path))
        self._thread = threading.Thread(target=self._read, args=(stream,), name="lines", daemon=True)
        self._thread.start()
        if path != "-":
            self._thread.join(PATIENCE)

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._name != "standard input":  # a read of a pipe cannot be woken
            self._thread.join()
        self._stack.close()

    @property
    def waiting(self) -> int:
        """Lines that are there and were not yet taken, about."""
        return self._queue.qsize()

    @property
    def ended(self) -> bool:
        """All was taken."""
        return self._ended

    def chunks(self, most: int) -> Iterator[list[Line]]:
        """What is there, up to `most` lines at a time; waits for one line, never for a full chunk."""
        while not self._ended:
            if chunk := self.take(most):
                yield chunk

    def take(self, most: int, wait: float | None = None) -> list[Line]:
        """Up to `most` lines that are there; waits at most `wait` seconds for the first, without limit for None."""
        chunk: list[Line] = []
        while len(chunk) < most and not self._ended:
            try:
                line = self._queue.get(block=not chunk, timeout=wait)
            except Empty:
                break
            if isinstance(line, Line):
                chunk.append(line)
            else:
                self._ended = True
                if line is not None:
                    raise ConfigError(f"{self._name}: {line}")
        return chunk

    def _read(self, stream: BinaryIO) -> None:
        try:
            for line in self._numbered(stream):
                self._hand_over(line)
                if self._stop.is_set():
                    return
            self._hand_over(None)
        except (OSError, ValueError) as error:  # ValueError: closed while reading
            self._hand_over(OSError(str(error)))

    def _numbered(self, stream: BinaryIO) -> Iterable[Line]:
        number = 0
        while data := stream.readline(MAX_LINE + 2):
            number += 1
            if not data.endswith(b"\n") and len(data) > MAX_LINE:
                _skip_line(stream)
            if data.strip():
                yield Line(self._name, number, data.rstrip(b"\r\n"))

    def _hand_over(self, line: Line | OSError | None) -> None:
        while not self._stop.is_set():
            try:
                self._queue.put(line, timeout=0.2)
            except Full:
                continue
            return


def _skip_line(stream: BinaryIO) -> None:
    while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
        pass


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from None
