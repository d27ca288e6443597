"""What `annotate --explain` says of a text."""

from datetime import UTC, datetime

from processors.model import Item
from processors.normalize import as_is
from processors.pipeline import Pipeline


def explained(text: str) -> list[str]:
    item = Item(source_id="s", external_id="1", kind="new", published_at=datetime(2026, 3, 4, tzinfo=UTC), body=text)
    return Pipeline().explain(as_is(item, text, None)).splitlines()


def test_each_trigger_with_its_rules_and_each_value_with_its_words() -> None:
    lines = explained(
        "Gunmen opened fire on a bus on Tuesday, killing at least three passengers, police said. "
        "In 2014 a bombing at a station killed 70."
    )
    assert lines[0] == "gate: passed, trigger shoot"
    assert lines[1].startswith("verdict: news, probability")
    assert any(line.startswith("trigger “opened fire” 7–18: shooting by shoot") for line in lines)
    assert any("“bombing”" in line and "historical by old_date (“2014”)" in line for line in lines)
    assert "  killed 3 to ?, from “at least three passengers” 48–73" in lines
    assert any(line.startswith("  perpetrator Gunmen") for line in lines)
    assert any(line.startswith("  claim killed: police") for line in lines)


def test_what_is_stopped_says_where() -> None:
    assert explained("The council painted the bridge on Monday.") == ["gate: stopped, no_trigger", "no mention"]
