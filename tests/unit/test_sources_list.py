"""`sources list`: JSON lines for programs, a table for people, from what is remembered of the sources."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from producers import health
from producers.sources import Source
from producers.state import Health, SourceState, encode
from producers.status import Status, status_of
from streams.cli.commands import app
from streams.cli.source_table import notes, table
from streams.store import Store

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
WIRE = Source(id="wire", url="https://wire.example/rss")


def status(**values: object) -> Status:
    state = SourceState(source_id="wire", next_poll=NOW + timedelta(minutes=9), health=Health(**values))  # type: ignore[arg-type]
    return status_of(WIRE, state, NOW)


def shown(*found: Status) -> str:
    out = io.StringIO()
    Console(file=out, width=160).print(table(found, NOW))
    return out.getvalue()


def test_a_source_that_does_well() -> None:
    text = shown(
        status(
            polls=9,
            last_success=NOW - timedelta(minutes=6),
            last_item=NOW - timedelta(hours=5),
            entries=200,
            rejected=1,
            gaps=2,
            last_gap=NOW - timedelta(days=2),
        )
    )
    [line] = [line for line in text.splitlines() if "wire" in line]
    row = [cell.strip() for cell in line.split("  ") if cell.strip()]
    assert row == ["wire", "ok", "6 min ago", "5 h ago", "in 9 min", "2, last 2 d ago", "0.5%"]


def test_a_source_that_fails_says_since_when_and_why() -> None:
    known = Health(last_success=NOW - timedelta(days=1))
    for minutes in (90, 60, 30):
        known = health.failed(known, NOW - timedelta(minutes=minutes), "fetch_dns", "no such name\x1b[31m")
    found = status_of(WIRE, SourceState(source_id="wire", health=known), NOW)
    assert "failing" in shown(found)
    assert "fetch_dns, 3×, since 1 h ago" in shown(found)
    assert notes([found]) == ["wire: no such name[31m"]


def test_new_stale_stopped_and_switched_off_are_told_apart() -> None:
    assert " new " in shown(status_of(WIRE, None, NOW))
    assert " stale " in shown(status(polls=9, last_success=NOW, last_item=NOW - timedelta(days=9)))
    gone = status_of(WIRE, SourceState(source_id="wire", stopped="gone"), NOW)
    assert " stopped " in shown(gone)
    assert "never" in shown(gone)
    assert "stopped (gone)" in notes([gone])[0]
    assert " off " in shown(status_of(Source(id="wire", url=WIRE.url, enabled=False), None, NOW))


def test_a_move_is_proposed() -> None:
    state = SourceState(source_id="wire", moved_to="https://new.example/rss")
    assert "https://new.example/rss" in notes([status_of(WIRE, state, NOW)])[0]


@pytest.mark.parametrize("options", [["--json"], []])
def test_programs_get_one_line_a_source(options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("TOCSIN_CONFIG", raising=False)
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nid = "wire"\nurl = "https://wire.example/rss"\n[[source]]\nid = "other"\nurl = "https://o.example/"\n'
    )
    store = Store(f"sqlite:///{tmp_path}/tocsin.db")
    done = health.succeeded(Health(), datetime.now(UTC), "new", items=3, entries=4, rejected=1)
    with store.writing() as work:
        work.move("source:wire", encode(SourceState(source_id="wire", health=done)).decode())
    store.close()
    result = CliRunner().invoke(app, ["sources", "list", *options])
    wire, other = (json.loads(line) for line in result.stdout.splitlines())
    assert (wire["id"], wire["verdict"], wire["rejected_share"]) == ("wire", "ok", 0.25)
    assert len(wire["history"]) == 1
    assert (other["id"], other["verdict"], other["last_success"]) == ("other", "new", None)
