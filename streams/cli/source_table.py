"""How sources are doing, as a table for people."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from producers.status import Status

COLOURS = {"new": "dim", "ok": "green", "failing": "red", "stale": "yellow", "stopped": "red"}
COLUMNS = ("source", "is", "last success", "last new item", "error", "next poll", "gaps", "rejected")
UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def table(found: Iterable["Status"], now: datetime) -> "Table":
    """One row a source, times as spans before and after `now`."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    made = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in COLUMNS:
        made.add_column(name, justify="right" if name in ("gaps", "rejected") else "left", overflow="fold")
    for each in found:
        word = "off" if not each.enabled else each.verdict
        first, *rest = row(each, now)
        made.add_row(Text(first), Text(word, COLOURS.get(word, "dim")), *map(Text, rest))
    return made


def row(status: "Status", now: datetime) -> list[str]:
    """The cells of a source but its verdict."""
    return [
        status.id,
        _ago(status.last_success, now),
        _ago(status.last_item, now),
        _error(status, now),
        "never" if status.stopped or not status.enabled else _due(status.next_poll, now),
        f"{status.gaps}, last {_ago(status.last_gap, now)}" if status.gaps else "0",
        f"{status.rejected_share:.1%}" if status.rejected_share else "0",
    ]


def notes(found: Iterable["Status"]) -> list[str]:
    """What the operator can do about sources, one line each."""
    lines = []
    for each in found:
        if each.stopped:
            lines.append(f"{each.id}: stopped ({each.stopped}); asked again when its address in the list changes")
        if each.moved_to:
            lines.append(f"{each.id}: moved for good to {_plain(each.moved_to)}; change its address in the list")
        if each.error_text:
            lines.append(f"{each.id}: {_plain(each.error_text)}")
    return lines


def _error(status: "Status", now: datetime) -> str:
    if not status.error:
        return ""
    return f"{status.error}, {status.failures}×, since {_ago(status.failing_since, now)}"


def _ago(time: datetime | None, now: datetime) -> str:
    return f"{_span(now - time)} ago" if time else "never"


def _due(time: datetime | None, now: datetime) -> str:
    return f"in {_span(time - now)}" if time and time > now else "due"


def _span(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    size, unit = next((each for each in UNITS if seconds >= each[0]), UNITS[-1])
    return f"{seconds // size} {unit}"


def _plain(text: str) -> str:
    """What a server said, without characters that steer a terminal."""
    return "".join(each for each in text if each.isprintable())
