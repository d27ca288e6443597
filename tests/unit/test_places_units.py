"""Units beside names, words that put a place into an area, airports' names, short forms of countries, groups' names."""

from pathlib import Path

import numpy as np
import pytest

from processors.places.entries import airport_names
from processors.places.gather import modifies
from processors.places.names import Names
from processors.places.recognise import weighed
from processors.places.records import Kind
from processors.places.spans import Line, lines_of
from processors.places.units import kinds_of, puts_into, units_told
from tests.unit.places_fixture import small_gazetteer
from tests.unit.times_samples import analysed

WITHIN = [
    ", ",
    " (",
    " village of ",
    ", a village in ",
    ", sub-prefecture of ",
    " kebele of ",
    " community in ",
    ", municipality of ",
]
APART = [" and ", " was shelled from ", ", said ", " to "]


@pytest.mark.parametrize("gap", WITHIN)
def test_words_that_put_a_place_into_an_area(gap: str) -> None:
    assert puts_into(gap)


@pytest.mark.parametrize("gap", APART)
def test_words_that_do_not(gap: str) -> None:
    assert not puts_into(gap)


def test_units_of_the_world() -> None:
    assert units_told("in ", "Harrow", " tehsil on Monday") == {Kind.DISTRICT}
    assert units_told("in the sub-prefecture of ", "Harrow", ".") == {Kind.DISTRICT}
    assert units_told("in the prefecture of ", "Harrow", ".") == {Kind.PROVINCE}
    assert units_told("in ", "Harrow", " on Monday") == frozenset()
    assert kinds_of("cercle") == {Kind.DISTRICT}


def test_airports_as_news_writes_them() -> None:
    assert airport_names("Harrow Old Field International Airport", "Harrow") == [
        "Harrow Old Field International Airport",
        "Old Field International Airport",
        "Harrow Old Field Airport",
        "Old Field Airport",
    ]
    assert "Old Field Airport" in airport_names("Harrow Airport Old Field", "Harrow")
    assert airport_names("Harrow Heliport", "Harrow") == []


def _line(text: str, tmp_path: Path) -> Line:
    return lines_of(analysed(text), Names(small_gazetteer(tmp_path)))[0]


def test_a_countrys_short_form_before_what_is_its_own(tmp_path: Path) -> None:
    struck = _line("A US strike killed two.", tmp_path)
    there = _line("It fell on US territory.", tmp_path)
    assert [modifies(struck, span) for span in struck.spans if span.text == "US"] in ([True], [])
    assert not any(modifies(there, span) for span in there.spans)


def test_a_group_is_no_place(tmp_path: Path) -> None:
    line = _line("Taliban fighters shot a man.", tmp_path)
    placed = _line("A man was shot in Taliban on Monday.", tmp_path)
    for given, least in ((line, 0.0), (placed, 1.0)):
        ones = weighed([given], np.ones(len(given.spans)))
        assert all(chance == least for span, chance in zip(given.spans, ones, strict=True) if span.text == "Taliban")
