"""A watched folder of `.jsonl` files: read once, read on, broken lines counted."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from producers.jsonl_folder import poll_folder
from producers.poll import PollResult
from producers.sources import Source
from producers.state import SourceState

NOW = datetime.now(UTC)


def line(number: int) -> str:
    item = {
        "source_id": "s",
        "external_id": str(number),
        "kind": "new",
        "published_at": "2026-03-01T12:00:00Z",
        "body": "x",
    }
    return json.dumps(item) + "\n"


class Watched:
    def __init__(self, folder: Path) -> None:
        self.source, self.state = Source(id="in", url=str(folder), kind="jsonl"), SourceState(source_id="in")

    def step(self, now: datetime = NOW) -> PollResult:
        result = poll_folder(self.source, self.state, now)
        self.state = result.state
        return result

    def ids(self) -> list[str]:
        return [item.external_id for item in self.step().items]


def test_files_are_read_once_in_order_and_read_on_when_they_grow(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    (tmp_path / "b.jsonl").write_text(line(3))
    (tmp_path / "a.jsonl").write_text(line(1) + line(2))
    (tmp_path / "a.jsonl.tmp").write_text(line(9))
    assert watched.ids() == ["1", "2", "3"]
    assert watched.ids() == []
    with (tmp_path / "a.jsonl").open("a") as file:
        file.write(line(4) + line(5)[:20])
    assert watched.ids() == ["4"]
    with (tmp_path / "a.jsonl").open("a") as file:
        file.write(line(5)[20:])
    assert watched.ids() == ["5"]
    (tmp_path / "a.jsonl").unlink()
    assert watched.ids() == [] and list(watched.state.seen) == ["b.jsonl"]


def test_a_last_line_without_its_end_counts_once_the_file_rests(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    (tmp_path / "a.jsonl").write_text(line(1).rstrip("\n"))
    assert watched.ids() == []
    os.utime(tmp_path / "a.jsonl", (NOW.timestamp() - 60,) * 2)
    assert watched.ids() == ["1"]


def test_broken_lines_are_counted_and_a_missing_folder_is_said(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    (tmp_path / "a.jsonl").write_text(line(1) + "{\n" + line(2))
    result = watched.step()
    assert (len(result.items), len(result.rejected), result.state.health.rejected) == (2, 1, 1)
    gone = Watched(tmp_path / "none")
    assert (gone.step().outcome, gone.state.health.failures) == ("folder", 1)
