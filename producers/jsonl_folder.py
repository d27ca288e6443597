"""A folder into which other programs put `.jsonl` files with items: files are read in the order of their names.

A file that grows is read on from where it was left. Only whole lines are taken; a last line without its end once the
file has not changed for some seconds. Files may be removed once they are read.
"""

from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from processors.model import Item
from producers import health
from producers.jsonl import MAX_LINE, read_items
from producers.parsed import Rejected
from producers.poll import PollResult
from producers.sources import Source
from producers.state import Seen, SourceState

MOST = 4 * 1024 * 1024  # bytes a poll, whole lines
SETTLED = 5.0  # seconds without a change after which a line without its end counts as whole
AGAIN = timedelta(seconds=1)
FAILED = timedelta(minutes=1)


def poll_folder(source: Source, state: SourceState, now: datetime) -> PollResult:
    """Reads what is new in a folder. `state.seen` holds, by file name, how many bytes (`published`) are done."""
    folder = Path(source.url)
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".jsonl" and path.is_file())
    except OSError as error:
        unwell = health.failed(state.health, now, "folder", str(error))
        kept = replace(state, health=unwell, next_poll=now + FAILED)
        return PollResult(source_id=source.id, outcome="folder", state=kept, notes=(f"{folder}: {error}",))
    done = {path.name: state.seen[path.name] for path in files if path.name in state.seen}
    items: list[Item] = []
    rejected: list[Rejected] = []
    left = MOST
    for path in files:
        if left > 0:
            before = done.get(path.name)
            data, position = _new_lines(path, before.published if before else 0, left, now)
            left -= len(data)
            done[path.name] = Seen(digest="", revision=0, published=position, at=int(now.timestamp()))
            _sort_out(data, items, rejected)
    return _result(source, replace(state, seen=done), items, rejected, now, more=left <= 0)


def _new_lines(path: Path, position: int, most: int, now: datetime) -> tuple[bytes, int]:
    """Whole lines from a position on, and the position behind them; a line above the cap is given up."""
    try:
        with path.open("rb") as stream:
            about = path.stat()
            start = stream.seek(position if position <= about.st_size else 0)
            data = stream.read(most)
            if data and b"\n" not in data:
                data += stream.read(MAX_LINE + 1 - len(data))
    except OSError:
        return b"", position
    settled = now.timestamp() - about.st_mtime > SETTLED and start + len(data) >= about.st_size
    if settled or (len(data) > MAX_LINE and b"\n" not in data):
        return data, start + len(data)
    whole = data[: data.rfind(b"\n") + 1]
    return whole, start + len(whole)


def _sort_out(data: bytes, items: list[Item], rejected: list[Rejected]) -> None:
    for found in read_items(data.splitlines(keepends=True)):
        if isinstance(found, Item):
            items.append(found)
        else:
            rejected.append(found)


def _result(
    source: Source, state: SourceState, items: list[Item], rejected: list[Rejected], now: datetime, more: bool
) -> PollResult:
    outcome = "new" if items else "unchanged"
    well = health.succeeded(state.health, now, outcome, len(items), len(items) + len(rejected), len(rejected))
    kept = replace(state, health=well, next_poll=now if more else now + AGAIN)
    return PollResult(source_id=source.id, outcome=outcome, state=kept, items=tuple(items), rejected=tuple(rejected))
