"""What texts say of the cause of a blast."""

import pytest

from processors.extract.causes import UNKNOWN, find_causes
from processors.extract.sentences import split
from processors.model import Item
from processors.normalize import document


def causes(text: str) -> list[tuple[object, str]]:
    item = Item(source_id="s", external_id="1", kind="new", published_at="2025-01-01T00:00:00Z", body=text, lang="en")  # type: ignore[arg-type]
    found = find_causes(split(document(item)))
    return [(v.value, text[v.start : v.end]) for v in found]


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("The commander called it an attack.", "attack", "attack"),
        ("The governor described the blast as an act of sabotage.", "sabotage", "sabotage"),
        ("The fire was caused by a short circuit, the brigade said.", "technical fault", "short circuit"),
        ("The owner spoke of a gas leak.", "gas leak", "gas leak"),
        ("Police said the cause was not yet known.", UNKNOWN, "cause was not yet known"),
        ("The army said no aircraft had been seen at the time.", UNKNOWN, "no aircraft had been seen"),
    ],
)
def test_a_cause_is_read_with_its_words(text: str, value: str, words: str) -> None:
    assert (value, words) in causes(text)


@pytest.mark.parametrize(
    "text", ["The attack caused a fire.", "The market reopened at noon.", "He called the fire brigade."]
)
def test_what_names_no_cause_gives_none(text: str) -> None:
    assert causes(text) == []
