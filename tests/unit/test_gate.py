"""What opens the gate, and what does not."""

import time
from datetime import UTC, datetime

import pytest

from processors.extract.document_kind import kind_of
from processors.gate import Gate
from processors.model import Document, Item
from processors.normalize import as_is


def document(text: str) -> Document:
    item = Item(source_id="s", external_id="1", kind="new", published_at=datetime(2025, 9, 10, tzinfo=UTC), body=text)
    return as_is(item, text, None)


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen opened fire on a minibus near Gao.",
        "GUERRILLAS BLEW UP A BRIDGE IN MORAZAN.",
        "#Urgent drone hit a pickup on the road",
        "teacher taken by men on motos last night",
        "Quake of magnitude 6 off Mindanao",
        "The group gave the mine's owner ten days to leave.",
    ],
)
def test_news_of_incidents_passes_and_says_by_which_words(text: str) -> None:
    decision = Gate().passes(document(text))
    assert decision.passed
    assert decision.reason == "trigger"
    assert decision.triggers


@pytest.mark.parametrize(
    "text",
    ["The council will repaint the benches in May.", "", "New library hours from Monday.", "Copper rose 0.4 per cent."],
)
def test_calm_texts_do_not_pass(text: str) -> None:
    assert Gate().passes(document(text)).reason == "no_trigger"


def test_news_passes_both_stages() -> None:
    told = "Gunmen killed five farmers in an attack on a village near Maiduguri on Monday, police said."
    assert Gate().passes_as_news(document(told)).passed


def test_the_second_stage_never_adds() -> None:
    assert Gate().passes_as_news(document("The museum opens at nine.")).reason == "no_trigger"


def test_a_weak_word_alone_does_not_open_the_gate() -> None:
    assert not Gate().passes(document("The incident is being looked into.")).passed


def test_the_gate_is_cheap() -> None:
    gate = Gate()
    text = document("The council met on Monday and spoke about the budget of the port for two hours. " * 6)
    gate.passes(text)
    began = time.perf_counter()
    for _ in range(100):
        gate.passes(text)
    assert (time.perf_counter() - began) / 100 < 0.002  # a fraction of a millisecond on a quiet machine


def test_kinds_of_documents() -> None:
    news = kind_of(document("Gunmen shot dead two policemen near Quetta on Monday night, police said."))
    film = kind_of(document("Review: the thriller's hero shoots his way out of a casino; in cinemas from Friday."))
    assert news.probability["actual"] > film.probability["actual"]
    assert sum(film.probability.values()) == pytest.approx(1, abs=1e-4)
