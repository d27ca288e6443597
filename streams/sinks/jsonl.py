"""Alerts as JSON lines at the end of a file. No alert twice, even after a crash between writing and marking."""

import os
from collections import deque
from pathlib import Path

import msgspec

from processors.errors import ConfigError, UnavailableError
from processors.model import Alert
from streams.codec import encode

REMEMBERED = 1000  # last alerts of the file that would be known again: more than are ever sent between two marks
TAIL = 64 * 1024 * 1024  # bytes of the file's end that are looked at for them


class JsonLinesSink:
    """Implements `Sink`. A line that a crash left unfinished is cut off when the file is opened."""

    def __init__(self, path: Path) -> None:
        self.name = f"jsonl:{path}"
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._written = _heal(path)
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror or error}") from None

    def send(self, alert: Alert) -> None:
        if alert.alert_id in self._written:
            return
        line = encode(alert) + b"\n"
        end = self._file.seek(0, os.SEEK_END)
        try:
            if self._file.write(line) != len(line):
                raise OSError("no room for the whole line")
            os.fsync(self._file.fileno())
        except OSError as error:
            self._file.truncate(end)
            raise UnavailableError(f"{self._path}: {error.strerror or error}") from None
        self._written.append(alert.alert_id)

    def close(self) -> None:
        self._file.close()


class _Id(msgspec.Struct):
    alert_id: str


def _heal(path: Path) -> deque[str]:
    """Cuts off an unfinished last line; returns the ids of the last alerts."""
    ids: deque[str] = deque(maxlen=REMEMBERED)
    if not path.exists():
        return ids
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        start = file.seek(max(0, size - TAIL))
        tail = file.read()
        end = tail.rfind(b"\n") + 1
        if start + end < size:
            file.truncate(start + end)
    for line in tail[:end].splitlines()[-REMEMBERED:]:
        try:
            ids.append(msgspec.json.decode(line, type=_Id).alert_id)
        except msgspec.MsgspecError:
            continue  # somebody else's line, or the cut one at the tail's start
    return ids
