"""Names that some town bears and that mean a street, a hospital's town or a quarter here."""

from pathlib import Path

import pytest

from processors.model import EventType
from processors.places import lexicon
from processors.places.find import find_places
from processors.places.quarters import fits
from processors.places.roles import assign_roles
from processors.places.spans import _tokens
from processors.places.streets import is_hospital, is_road, is_street
from processors.places.toponyms import PlaceContext, Toponym
from tests.unit.places_fixture import small_gazetteer
from tests.unit.times_samples import analysed

STREETS = [
    ("A man was shot near N. 20th & ", ", police said."),
    ("It happened near 95th and ", "."),
    ("A crash at the intersection of Elm and ", " on Monday"),
    ("in the 1500 block of ", ""),
    ("on Wheatley and ", " Avenue"),
    ("near ", " and 4th"),
]
TOWNS = [
    ("taken on Saturday at Agy (", " rd)"),
    ("an ambush on the ", " road"),
    ("A man was shot in ", " on Monday."),
    ("in Hull and ", " on Friday"),
    ("9 soldiers and ", "'s police"),
]


@pytest.mark.parametrize(("before", "after"), STREETS)
def test_a_street_is_told_by_its_neighbours(before: str, after: str) -> None:
    assert is_street(before, after)


@pytest.mark.parametrize(("before", "after"), TOWNS)
def test_a_town_is_no_street(before: str, after: str) -> None:
    assert not is_street(before, after)


def test_roads_by_name() -> None:
    assert is_road("Interstate 75")
    assert is_road("Harrow Avenue")
    assert not is_road("Harrow")


def test_where_the_hurt_are_brought() -> None:
    assert is_hospital("She was flown to the university medical center in ", ", where she died")
    assert is_hospital("He is in critical condition at a ", " hospital")
    assert not is_hospital("A shell hit the hospital in ", " on Monday")


def town(name: str, state: str, score: float = 0.9, population: int = 5_000) -> Toponym:
    return Toponym(
        start=0, end=len(name), text=name, name=name, country="US", admin1=state, lat=40.0, lon=-80.0, score=score,
        population=population,
    )  # fmt: skip


def test_a_small_town_of_an_unnamed_state_is_not_meant() -> None:
    home = town("Springfield", "Ohio")
    assert not fits("A clerk was shot in Westwood.", town("Westwood", "Kentucky"), home)
    assert fits("A clerk was shot in Westwood, Ky.", town("Westwood", "Kentucky"), home)
    assert fits("A clerk was shot in Westwood.", town("Westwood", "Ohio"), home)
    assert fits("A clerk was shot in Chicago.", town("Chicago", "Illinois", population=2_700_000), home)


def test_call_signs_are_cut_off_only_where_they_are_told_again() -> None:
    words = [m[0] for m in _tokens().finditer("WXYZHARROW, Ohio (WXYZ) - WASHINGTON (AP)")]
    assert words[:2] == ["WXYZ", "HARROW"]
    assert "WASHINGTON" in words


def test_states_have_short_forms() -> None:
    assert {"KY", "Ky."} <= set(lexicon.short_forms()["Kentucky"])


def places(text: str, folder: Path) -> list[tuple[str, str, float | None]]:
    """Role, words, latitude of the places of the first sentence with "shelled" or "shot"."""
    analysis = analysed(text)
    analysis.parse(analysis.sentences)
    found = find_places(analysis, small_gazetteer(folder), PlaceContext())
    sentence = next(s for s in analysis.sentences if "shot" in s.text or "shelled" in s.text)
    start = analysis.text.index("shot" if "shot" in sentence.text else "shelled")
    told = assign_roles(analysis, sentence, start, start + 4, EventType.SHOOTING, found, analysis.sentences)
    return [(p.role, p.text, p.lat) for p in told]


def test_where_it_was_launched_from(tmp_path: Path) -> None:
    text = "They were shot from an orchard south of Baaj, and the launch point was a farm near Kherson."
    assert {(role, words) for role, words, _ in places(text, tmp_path)} >= {
        ("origin", "south of Baaj"),
        ("origin", "near Kherson"),
    }


def test_a_street_stands_for_its_town(tmp_path: Path) -> None:
    text = "SPRINGFIELD, Ohio (AP) — A clerk was shot near 20th and Mosul on Monday."
    assert ("target", "Mosul", 36.335) not in places(text, tmp_path)


def test_bracketed_datelines(tmp_path: Path) -> None:
    found = places("Clerk Found Dead (Springfield, OH)--A clerk was shot on Monday.", tmp_path)
    assert ("target", "Springfield", 39.924) in found


def test_a_name_told_with_its_state_is_no_namesake_elsewhere(tmp_path: Path) -> None:
    analysis = analysed("A clerk was shot in Mosul, Ohio on Monday, police in Mosul, OH said.")
    analysis.parse(analysis.sentences)
    found = {
        t.text: (t.country, t.admin1, t.precision)
        for t in find_places(analysis, small_gazetteer(tmp_path), PlaceContext())
    }
    assert found["Mosul"] == ("US", "Ohio", "admin1")


def test_a_quarter_of_the_reports_own_town(tmp_path: Path) -> None:
    text = "MOSUL (AP) — A clerk was shot on Monday in the Springfield neighborhood, police said."
    assert [(role, lat) for role, words, lat in places(text, tmp_path) if words == "Springfield"] == [
        ("target", 36.335)
    ]
