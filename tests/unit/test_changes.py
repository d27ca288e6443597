"""What differs and matters: material changes, their words, their kind and their weight."""

import pytest

from processors.changes import change, changes
from processors.model import Actor, EventType, Place, Tally
from tests.unit.announcing import count, incident
from tests.unit.resolving import day, place

PROVINCE = Place(
    role="target", text="north", start=0, end=5, precision="admin1", name="North", country="PK", lat=36.0, lon=70.0
)


def weights(old: dict[str, object], new: dict[str, object]) -> dict[str, str]:
    return {c.slot: c.weight for c in changes(incident(**old), incident(version=2, **new))}


@pytest.mark.parametrize(
    ("changed", "kind", "reason"),
    [
        ({"killed": count(6)}, "update", "killed 1→6"),
        ({"killed": count(0)}, "correction", "killed 1→0"),
        ({"injured": count(9)}, "update", "injured ?→9"),
        ({"event_type": EventType.AIRSTRIKE}, "correction", "type bombing→airstrike"),
        ({"places": (place("Gao"),)}, "correction", "place Mardan→Gao"),
        ({"when": day(1)}, "correction", "date 2025-03-04→2025-03-05"),
        ({"perpetrators": (Actor(text="Northern Front", kind="armed_group"),)}, "update", "perpetrator Northern Front"),
        ({"contested": ("occurrence",)}, "update", "occurrence contested"),
        ({"outcome": "hit"}, "update", "outcome hit"),
        ({"grade": "F1"}, "update", "grade F3→F1"),
        ({"status": "retracted"}, "retraction", "no source holds it up any more"),
        ({"status": "merged", "merged_into": "j"}, "merge", "merged into j"),
    ],
)
def test_material_changes_and_their_words(changed: dict[str, object], kind: str, reason: str) -> None:
    found, reasons = change(incident(), incident(version=2, **changed))
    assert found == kind
    assert reason in reasons


@pytest.mark.parametrize("changed", [{"confidence": 0.9}, {"independent_sources": 4}, {"items": ("a/1@0",)}])
def test_what_is_not_material_is_quiet(changed: dict[str, object]) -> None:
    assert change(incident(), incident(version=2, **changed)) == (None, ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (EventType.EXPLOSION, EventType.DRONE_STRIKE),
        (EventType.BOMBING, EventType.SUICIDE_BOMBING),
        (EventType.SHOOTING, EventType.ASSASSINATION),
        (EventType.AIRSTRIKE, EventType.DRONE_STRIKE),
    ],
)
def test_a_type_made_precise_is_news_and_the_way_back_an_error(old: EventType, new: EventType) -> None:
    vague, precise = incident(event_type=old), incident(event_type=new)
    assert change(vague, precise) == ("update", (f"type {old.value}→{new.value}",))
    assert change(precise, vague)[0] == "correction"


def test_a_town_and_its_province_are_one_place() -> None:
    town = Place(
        role="target", text="x", start=0, end=1, precision="locality", name="Edge", country="PK", admin1="North",
        lat=33.0, lon=73.0,
    )  # fmt: skip
    assert change(incident(places=(town,)), incident(places=(PROVINCE,)))[0] is None
    assert change(incident(places=(PROVINCE,)), incident(places=(town,)))[0] is None
    assert change(incident(places=(PROVINCE,)), incident(places=(place("Gao"),)))[0] == "correction"


def test_a_state_is_no_other_perpetrator_than_its_forces() -> None:
    state = Actor(text="Zubrovia", kind="government", country="ZU")
    army = Actor(text="the Zubrovian army", kind="state_force", country="ZU")
    rebels = Actor(text="Zubrovian Front", kind="armed_group", country="ZU")
    assert change(incident(perpetrators=(army,)), incident(perpetrators=(army, state)))[0] is None
    assert change(incident(perpetrators=(army,)), incident(perpetrators=(army, rebels)))[0] == "update"


def hurt(killed: int, injured: int) -> dict[str, object]:
    return {"killed": count(killed), "injured": count(injured)}


def test_who_dies_of_wounds_is_news_and_no_error_in_the_count_of_the_injured() -> None:
    kind, reasons = change(incident(**hurt(2, 14)), incident(**hurt(3, 13)))
    assert (kind, reasons) == ("update", ("killed 2→3", "1 of the injured died"))
    assert change(incident(**hurt(2, 14)), incident(**hurt(3, 9)))[0] == "correction"
    assert change(incident(**hurt(2, 14)), incident(**hurt(2, 13)))[0] == "correction"


@pytest.mark.parametrize(
    ("new", "weight"),
    [
        ({"killed": count(2)}, {"killed": "grave"}),
        ({"killed": Tally(min=0, max=0, best=0)}, {"killed": "reversal"}),
        ({"injured": count(3)}, {"injured": "news"}),
        ({"severity": "severe"}, {"severity": "grave"}),
        ({"status": "retracted"}, {"status": "grave"}),
        ({"status": "merged", "merged_into": "j"}, {"status": "reversal"}),
        ({"event_type": EventType.AIRSTRIKE}, {"type": "reversal"}),
        ({"event_type": EventType.AIRSTRIKE, "independent_sources": 2}, {"type": "news"}),
        ({"killed": count(0), "independent_sources": 2}, {"killed": "reversal"}),
        ({"event_type": EventType.AIRSTRIKE, "items": ("alpha/1@1",)}, {"type": "grave"}),
        ({"killed": count(0), "items": ("alpha/1@10", "alpha/1@2")}, {"killed": "grave"}),
        ({"killed": count(0), "items": ("alpha/1@0", "beta/1@1")}, {"killed": "reversal"}),
    ],
)
def test_how_much_a_change_weighs(new: dict[str, object], weight: dict[str, str]) -> None:
    assert weights({}, new) == weight


def test_no_dead_is_no_grave_news() -> None:
    assert weights({"killed": None}, {"killed": count(0)}) == {"killed": "news"}
