"""Where sentences begin and end, and in which case they are read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.extract.case import restore
from processors.extract.sentences import split
from processors.model import Document, Item
from processors.normalize import as_is

PUBLISHED = datetime(2025, 9, 10, tzinfo=UTC)


def document(text: str, title: str | None = None) -> Document:
    item = Item(source_id="s", external_id="1", kind="new", published_at=PUBLISHED, body=text, title=title, lang="en")
    return as_is(item, text, title)


def texts(text: str, title: str | None = None) -> list[str]:
    return [s.text for s in split(document(text, title))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gen. A. Karim spoke. Two men died.", ["Gen. A. Karim spoke.", "Two men died."]),
        ("It began at 5 a.m. Police came at 6 a.m. on foot.", ["It began at 5 a.m.", "Police came at 6 a.m. on foot."]),
        ('"We ran." He stopped.', ['"We ran."', "He stopped."]),
        ("The toll is 3.5 million rupees. Nobody paid.", ["The toll is 3.5 million rupees.", "Nobody paid."]),
        ("Shots in Dori • Blast in Gao • March in Bamako", ["Shots in Dori", "• Blast in Gao", "• March in Bamako"]),
        ("1. At dawn we fired. 2. They fled.", ["1. At dawn we fired.", "2. They fled."]),
        ("Fire at the port 🔥 Boats burn ‼️ Stay away", ["Fire at the port", "🔥 Boats burn", "‼️ Stay away"]),
        ("Convoy hit near Kidal\nDrone over Gao", ["Convoy hit near Kidal", "Drone over Gao"]),
    ],
)
def test_splits(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = "THE BATTALION COMMAND HAS REPORTED THAT ABOUT FIFTY PEASANTS OF\nVARIOUS AGES WERE TAKEN AWAY BY ARMED MEN."
    assert len(split(document(text))) == 1


def test_the_title_stands_apart_and_paragraphs_are_counted() -> None:
    found = split(document("A man was shot. He lives.\n\nPolice came.", "Man shot in Dori"))
    assert [s.kind for s in found] == ["title", "body", "body", "body"]
    assert [s.paragraph for s in found] == [0, 1, 1, 2]


def test_shouted_text_is_read_in_ordinary_case() -> None:
    assert restore("GUERRILLAS ATTACKED A FARM IN USULUTAN YESTERDAY.") == (
        "Guerrillas attacked a farm in Usulutan yesterday."
    )


def test_capitalised_headlines_lose_their_capitals_but_not_their_names() -> None:
    assert restore("Gunmen Attack Village Market Near Maiduguri") == "Gunmen attack village market near Maiduguri"


def test_ordinary_sentences_are_left_alone() -> None:
    text = "Police in Gao said that two men from Mopti were held."
    assert restore(text) == text


@given(st.text(alphabet="abcXYZ .!?\n•🔴\"“”'1(ßİ", max_size=120))
def test_sentences_cover_the_text_in_order_with_true_offsets(text: str) -> None:
    found = split(document(text))
    at = 0
    for sentence in found:
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip()
        assert len(sentence.read) == len(sentence.text)
        assert not text[at : sentence.start].strip()
        at = sentence.end
    assert not text[at:].strip()
