"""What short texts in many voices add up to: tolls.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.extract.casualties import combine_tolls, find_tolls
from processors.model import Count, EventType
from tests.quality.support import states
from tests.unit.times_samples import analysed

ROWS = [
    pytest.param(row, id=f"{group}-{number}", marks=[pytest.mark.xfail(strict=True)] if "beyond" in row else [])
    for group, table in tomllib.loads(Path(__file__).with_name("tolls.toml").read_text("utf8")).items()
    for number, row in enumerate(table["rows"])
]


def bounds(count: Count | None) -> list[int]:
    """As the table writes them."""
    return [each for each in (count.min, count.max) if each is not None] if count else []


@pytest.mark.parametrize("row", ROWS)
def test_adds_up(row: dict[str, Any]) -> None:
    analysis = analysed(row["text"])
    tolls = [t for s in analysis.sentences for t in find_tolls(analysis, s)]
    found = combine_tolls(tolls, analysis.text, EventType(row.get("type", "bombing")))
    assert bounds(found.killed) == row.get("killed", []), "killed"
    assert bounds(found.injured) == row.get("injured", []), "injured"
    if "attackers" in row:
        assert bounds(found.attackers_killed) == row["attackers"], "attackers killed"
    for count in (found.killed, found.injured, found.attackers_killed):
        if count is not None:
            assert count.text == row["text"][count.start : count.end]
            assert states(count.text or "", count.min, count.max), f"{count.text!r} says {bounds(count)}"
