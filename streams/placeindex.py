"""The place index that commands use: the one that is set, else one in the data folder, built by the first to come."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from processors.errors import ConfigError, ResourceError
from streams.settings import Settings


def ready_index(settings: Settings, say: Callable[[str], None]) -> Path:
    """The path of an index that is there. Raises ConfigError if a set one is not, ResourceError if none can be made."""
    path = settings.gazetteer_file
    if settings.gazetteer is not None:
        if not path.is_file():
            raise ConfigError(
                f"place index {path}: there is none; build it with `tocsin gazetteer build --into {path}`"
            )
        return path
    if not _usable(path):
        with _alone(path.with_name(path.name + ".lock")):
            if not _usable(path):
                _build(path, say)
    return path


def _usable(path: Path) -> bool:
    """There, whole, of the format that this version reads, and made of what this version is installed with."""
    from processors.places.build import is_current
    from processors.places.index import Gazetteer

    try:
        return path.is_file() and is_current(Gazetteer.open(path))
    except ResourceError:
        return False


def _build(path: Path, say: Callable[[str], None]) -> None:
    from processors.places.build import build

    say(f"Building the place index {path} once, about half a minute …")
    started = time.monotonic()
    report = build(path)
    say(f"{report.places:,} places in {time.monotonic() - started:.0f} s.")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Waits until no other process holds the lock; a holder that dies gives it up."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise ResourceError(f"data folder {lock.parent}: {error.strerror or error}") from None
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)
