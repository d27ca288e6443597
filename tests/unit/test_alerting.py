"""Which change is worth an alert: waiting, updates, corrections, merges, retractions."""

from datetime import timedelta

import msgspec
import pytest

from processors.alerting import AlertPolicy, change, decide, overdue
from processors.model import Actor, EventType, Incident, Place, Tally
from processors.resolve.state import IncidentState
from tests.unit.resolving import Run, at, day, mention, place, told

POLICY = AlertPolicy()


def incident(**changed: object) -> Incident:
    made = Incident(
        incident_id="i", version=1, status="open", event_type=EventType.BOMBING, title="Bombing, Mardan, PK", when=day(),
        places=(place("Mardan"),), killed=Tally(min=1, max=1, best=1), severity="moderate", grade="F3", independent_sources=1,
    )  # fmt: skip
    return msgspec.structs.replace(made, **changed)


def test_a_first_report_that_does_not_stand_firm_waits_and_goes_out_in_time() -> None:
    state, sent = decide(incident(), None, at(0), POLICY)
    assert not sent
    assert state.due_at == at(0) + timedelta(minutes=10)
    later, alerts = overdue(state, POLICY)
    assert [(a.kind, a.sent_at) for a in alerts] == [("new", state.due_at)]
    assert later.announced == state.incident
    assert later.due_at is None


@pytest.mark.parametrize("changed", [{"severity": "severe"}, {"grade": "F2"}, {"grade": "B3"}])
def test_what_is_grave_or_firm_goes_out_at_once(changed: dict[str, str]) -> None:
    _, sent = decide(incident(**changed), None, at(0), POLICY)
    assert [a.kind for a in sent] == ["new"]


def test_a_second_source_ends_the_wait() -> None:
    waiting, _ = decide(incident(), None, at(0), POLICY)
    _, sent = decide(incident(version=2, grade="F2", independent_sources=2), waiting, at(0.1), POLICY)
    assert [(a.kind, a.sent_at) for a in sent] == [("new", at(0.1))]


def test_what_falls_while_it_waits_is_never_announced() -> None:
    waiting, _ = decide(incident(), None, at(0), POLICY)
    state, sent = decide(incident(version=2, status="retracted"), waiting, at(0.1), POLICY)
    assert not sent
    assert state.due_at is None


def test_too_minor_for_the_policy_stays_quiet() -> None:
    state, sent = decide(incident(), None, at(0), AlertPolicy(least_severity="severe"))
    assert not sent
    assert state.due_at is None


@pytest.mark.parametrize(
    ("changed", "kind", "reason"),
    [
        ({"killed": Tally(min=6, max=6, best=6)}, "update", "killed 1→6"),
        ({"killed": Tally(min=0, max=0, best=0)}, "correction", "killed 1→0"),
        ({"injured": Tally(min=9, max=9, best=9)}, "update", "injured ?→9"),
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


def test_a_vague_blast_made_precise_is_news_not_an_error() -> None:
    kind, reasons = change(incident(event_type=EventType.EXPLOSION), incident(event_type=EventType.DRONE_STRIKE))
    assert (kind, reasons) == ("update", ("type explosion_unattributed→drone_strike",))


def hurt(killed: int, injured: int) -> Incident:
    tolls = {s: Tally(min=n, max=n, best=n) for s, n in (("killed", killed), ("injured", injured))}
    return incident(**tolls)


def test_who_dies_of_wounds_is_news_and_no_error_in_the_count_of_the_injured() -> None:
    kind, reasons = change(hurt(2, 14), hurt(3, 13))
    assert (kind, reasons) == ("update", ("killed 2→3", "1 of the injured died"))
    assert change(hurt(2, 14), hurt(3, 9))[0] == "correction"
    assert change(hurt(2, 14), hurt(2, 13))[0] == "correction"


def test_a_headline_says_kind_what_where_toll_change_and_grade() -> None:
    state = IncidentState(incident=incident(), announced=incident())
    _, [alert] = decide(incident(version=2, killed=Tally(min=6, max=6, best=6)), state, at(1), POLICY)
    assert alert.headline == "UPDATE: Bombing, Mardan, PK · 6 killed · killed 1→6 · F3, 1 source"


def test_an_alert_id_follows_from_incident_and_version() -> None:
    one, two = (decide(incident(severity="severe"), None, at(h), POLICY)[1][0].alert_id for h in (0, 5))
    other = decide(incident(severity="severe", version=2), None, at(0), POLICY)[1][0].alert_id
    assert one == two != other


def test_held_alerts_go_out_as_the_streams_clock_passes_them() -> None:
    run = Run([told("a", "1", 0, mention("A bomb in Mardan.", killed=1))])
    assert not run.alerts
    run.take(told("b", "1", 1, mention("Shots near Gao.", "Gao", EventType.SHOOTING)))
    assert [(a.kind, a.sent_at) for a in run.alerts] == [("new", at(0) + timedelta(minutes=10))]


def test_a_coarse_place_made_precise_is_no_correction() -> None:
    coarse = Place(
        role="target", text="KP", start=0, end=2, precision="admin1", name="KP", country="PK", lat=34.6, lon=72.5
    )
    assert change(incident(places=(coarse,)), incident()) == (None, ())
