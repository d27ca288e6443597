"""Recognition, resolution, relations and roles on a gazetteer of a few places, with the real parser and models."""

from datetime import UTC, datetime

import pytest

from processors.extract.analysis import Analysis
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.geo import km
from processors.model import EventType, Item, Place
from processors.normalize import as_is
from processors.places.find import find_places
from processors.places.index import Gazetteer
from processors.places.relations import shifted
from processors.places.roles import assign_roles
from processors.places.toponyms import PlaceContext, Toponym
from tests.unit.places_fixture import small_gazetteer


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return small_gazetteer(tmp_path_factory.mktemp("places"))


def analysed(text: str, parsed: bool = True) -> Analysis:
    item = Item(source_id="s", external_id="1", kind="new", body=text, published_at=datetime(2025, 5, 1, tzinfo=UTC))
    document = as_is(item, text, None)
    analysis = Analysis(document, split(document), parse)
    if parsed:
        analysis.parse(analysis.sentences)
    return analysis


def found(text: str, gazetteer: Gazetteer, parsed: bool = True) -> dict[str, Toponym]:
    return {t.text: t for t in find_places(analysed(text, parsed), gazetteer, PlaceContext())}


def roles(text: str, trigger: str, event_type: EventType, gazetteer: Gazetteer) -> list[Place]:
    analysis = analysed(text)
    toponyms = find_places(analysis, gazetteer, PlaceContext())
    start = text.index(trigger)
    sentence = analysis.sentence_at(start)
    assert sentence is not None
    return assign_roles(
        analysis,
        sentence,
        start,
        start + len(trigger),
        event_type,
        toponyms,
        [s for s in analysis.sentences if s is not sentence],
    )


def test_the_state_beside_a_town_tells_which(gazetteer: Gazetteer) -> None:
    in_ohio = found("Two men were shot in Springfield, Ohio, on Tuesday.", gazetteer)["Springfield"]
    in_illinois = found("Two men were shot in Springfield, Illinois, on Tuesday.", gazetteer)["Springfield"]
    assert (in_ohio.admin1, in_illinois.admin1) == ("Ohio", "Illinois")


def test_offsets_hold_the_words(gazetteer: Gazetteer) -> None:
    text = "Shells fell on Kherson and, 20 km east of Mosul, on a farm."
    for toponym in find_places(analysed(text), gazetteer, PlaceContext()):
        assert text[toponym.start : toponym.end] == toponym.text


def test_a_town_goes_before_the_province_of_its_name(gazetteer: Gazetteer) -> None:
    places = found("A drone hit a bus in Kherson. Villages in Kherson oblast lost power.", gazetteer)
    assert places["Kherson"].precision == "admin1"  # the last of the two
    town = found("A drone hit a bus in Kherson on Monday.", gazetteer)["Kherson"]
    assert (town.precision, town.geonameid) == ("locality", 11)


def test_distance_and_direction_move_the_point(gazetteer: Gazetteer) -> None:
    place = next(t for t in found("A mine exploded 30 km west of Mosul on Friday.", gazetteer).values())
    assert place.relation == "distance"
    assert place.lat is not None and place.lon is not None and place.radius_km == pytest.approx(10)
    assert km(place.lat, place.lon, 36.335, 43.119) == pytest.approx(30, rel=0.05)
    assert place.lon < 43.119


def test_between_two_towns(gazetteer: Gazetteer) -> None:
    places = found("A convoy was ambushed between Kherson and Mykolaiv on Friday.", gazetteer)
    middle = places["between Kherson and Mykolaiv"]
    assert middle.lat is not None and 46.63 < middle.lat < 46.98
    assert middle.radius_km == pytest.approx(km(46.637, 32.615, 46.975, 31.995) / 2, rel=0.05)


def test_near_a_town(gazetteer: Gazetteer) -> None:
    place = found("Rockets landed near Mosul on Friday.", gazetteer)["near Mosul"]
    assert (place.relation, place.radius_km) == ("near", 12.0)


def test_shifted_goes_north_and_round_the_globe() -> None:
    assert shifted(10.0, 20.0, 111.2, 0.0) == (11.0, 20.0)
    assert shifted(0.0, 179.9, 111.2, 90.0)[1] == pytest.approx(-179.1)


def test_a_country_is_no_point(gazetteer: Gazetteer) -> None:
    assert found("Fighting went on across Iraq on Monday.", gazetteer)["Iraq"].precision == "country"


def test_adjectives_are_marked(gazetteer: Gazetteer) -> None:
    assert found("Iraqi troops entered Mosul on Monday.", gazetteer)["Iraqi"].adjective


def test_unparsed_sentences_are_read_by_the_gazetteer_alone(gazetteer: Gazetteer) -> None:
    assert "Mosul" in found("Gunmen attacked a checkpoint in Mosul on Monday.", gazetteer, parsed=False)


def test_where_it_struck_and_where_it_came_from(gazetteer: Gazetteer) -> None:
    places = roles("Rockets fired from Mykolaiv hit a depot in Kherson on Sunday.", "hit", EventType.MISSILE, gazetteer)
    assert [(p.role, p.text) for p in places] == [("target", "Kherson"), ("origin", "Mykolaiv")]


def test_the_spokesmans_town_is_not_where_it_happened(gazetteer: Gazetteer) -> None:
    text = "A bomb killed two people in Mosul, a spokesman told reporters in Mykolaiv."
    places = roles(text, "killed", EventType.BOMBING, gazetteer)
    assert [p.text for p in places if p.role == "target"] == ["Mosul"]


def test_the_dateline_is_not_where_it_happened(gazetteer: Gazetteer) -> None:
    text = "MYKOLAIV (Wire) - Shelling of Kherson killed two people on Monday."
    places = roles(text, "Shelling", EventType.MISSILE, gazetteer)
    assert [p.text for p in places if p.role == "target"] == ["Kherson"]


def test_the_dateline_serves_where_nothing_else_is_told(gazetteer: Gazetteer) -> None:
    text = "MYKOLAIV (Wire) - A car bomb killed two people on Monday."
    places = roles(text, "bomb", EventType.BOMBING, gazetteer)
    assert [p.text for p in places if p.role == "target"] == ["MYKOLAIV"]


def test_the_town_of_a_chain_comes_with_its_province(gazetteer: Gazetteer) -> None:
    places = roles("Gunmen shot a guard in Al Ba'aj, Nineveh, on Monday.", "shot", EventType.SHOOTING, gazetteer)
    assert [(p.name, p.admin1) for p in places if p.role == "target"] == [("Al Ba'aj", "Nineveh")]


def test_nothing_told_nothing_given(gazetteer: Gazetteer) -> None:
    assert roles("A car bomb killed two people on Monday.", "bomb", EventType.BOMBING, gazetteer) == []


def test_a_quarter_known_only_elsewhere_lies_in_its_town(gazetteer: Gazetteer) -> None:
    places = roles(
        "A shell hit a house in the Saint-Louis quarter of Mosul on Monday.", "hit", EventType.MISSILE, gazetteer
    )
    target = next(p for p in places if p.role == "target")
    assert (target.country, target.admin1) == ("IQ", "Nineveh")
