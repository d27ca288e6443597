"""Entities for `annotate`."""

import pytest

from processors.extract.entities import entities
from processors.model import Span
from tests.unit.actor_samples import analysed

CASES = [
    ("Hamas fired on the Israeli army.", "Hamas", "ARMED_GROUP"),
    ("Hamas fired on the Israeli army.", "Israeli army", "FORCE"),
    ("The frigate HMS Ocean left the port.", "HMS Ocean", "VEHICLE"),
    ("They had two rocket launchers and a tank.", "rocket launchers", "WEAPON"),
    ("They had two rocket launchers and a tank.", "tank", "VEHICLE"),
    ("Insurgents fled to the mountains.", "Insurgents", "ARMED_GROUP"),
    ("He paid $40 million in March 2020.", "$40 million", "MONEY"),
]


@pytest.mark.parametrize(("text", "words", "label"), CASES)
def test_labels(text: str, words: str, label: str) -> None:
    assert (words, label) in [(e.text, e.label) for e in entities(analysed(text))]


def test_places_found_elsewhere_go_before_the_tagger() -> None:
    text = "Near Karabilah two men were held."
    found = entities(analysed(text), [Span(5, 14, "Karabilah")])
    assert ("Karabilah", "GPE") in [(e.text, e.label) for e in found]


def test_entities_do_not_overlap_and_stand_in_order() -> None:
    text = "Russian Armed Forces soldiers and the Wagner Group struck the Air Force base with Grad rockets in May."
    found = entities(analysed(text))
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    assert all(text[e.start : e.end] == e.text for e in found)
