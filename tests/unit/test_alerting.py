"""Who is told when: waiting, gathering, settling, whatever the clock."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.alerting import AlertPolicy, decide, overdue
from processors.changes import changes
from processors.model import EventType
from processors.resolve.state import IncidentState
from tests.unit.announcing import POLICY, Desk, Told, announced, count, incident, run
from tests.unit.resolving import at, place

GATHER, SETTLE = POLICY.gather["moderate"], POLICY.settle["moderate"]
A, B = {"event_type": EventType.BOMBING}, {"event_type": EventType.AIRSTRIKE}


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
    desk = Desk()
    assert not desk.take(0)
    assert [(a.kind, a.sent_at) for a in desk.take(0.1, grade="F2", independent_sources=2)] == [("new", at(0.1))]


def test_what_falls_while_it_waits_is_never_announced() -> None:
    desk = Desk()
    desk.take(0)
    assert not desk.take(0.1, status="retracted")
    assert desk.state is not None
    assert desk.state.due_at is None


def test_what_was_split_off_an_announced_incident_is_news_once_something_tells_it() -> None:
    state, sent = decide(incident(grade="F2"), None, at(0), POLICY, told=False)
    again, sent_again = decide(incident(version=2, grade="F2"), state, at(1), POLICY, told=False)
    assert (sent, sent_again, again.due_at) == ([], [], None)
    later, sent = decide(incident(version=3), again, at(2), POLICY)
    assert not sent
    assert later.due_at == at(2) + POLICY.wait["moderate"]
    assert [a.kind for a in decide(incident(version=3, grade="F2"), again, at(2), POLICY)[1]] == ["new"]


def test_a_first_report_that_waits_keeps_its_time_when_it_is_grouped_anew() -> None:
    waiting, _ = decide(incident(), None, at(0), POLICY)
    again, _ = decide(incident(version=2), waiting, at(0.1), POLICY, told=False)
    assert again.due_at == waiting.due_at


def test_too_minor_for_the_policy_stays_quiet() -> None:
    state, sent = decide(incident(), None, at(0), AlertPolicy(least_severity="severe"))
    assert not sent
    assert state.due_at is None


@pytest.mark.parametrize(
    "changed",
    [{"killed": count(2)}, {"severity": "severe"}, {"status": "retracted"}, {**B, "items": ("alpha/1@1",)}],
)
def test_more_dead_a_retraction_and_a_source_that_corrects_itself_go_out_at_once(changed: dict[str, object]) -> None:
    assert [a.sent_at for a in Desk(announced()).take(1, **changed)] == [at(1)]


def test_several_news_within_a_short_time_are_one_alert() -> None:
    desk = run([(1, {"injured": count(3)}), (1.2, {"injured": count(4)}), (1.4, {"injured": count(4), "grade": "F2"})])
    assert [(a.sent_at, a.reason) for a in desk.alerts] == [(at(1) + GATHER, ("injured ?→4", "grade F3→F2"))]


def test_grave_news_takes_along_what_waits() -> None:
    desk = Desk(announced())
    assert not desk.take(1, injured=count(3))
    [sent] = desk.take(1.1, injured=count(3), killed=count(2))
    assert sent.reason == ("killed 1→2", "injured ?→3")
    assert desk.state is not None
    assert desk.state.due_at is None


def test_what_takes_a_value_back_waits_longer_than_news_and_is_told_if_it_stays() -> None:
    assert [a.sent_at for a in run([(1, B)]).alerts] == [at(1) + SETTLE]
    assert [a.sent_at for a in run([(1, {**B, "independent_sources": 2})]).alerts] == [at(1) + GATHER]


def test_what_changes_back_while_it_settles_is_never_told() -> None:
    assert not run([(1, B), (3, A)]).alerts
    assert not run([(1, {"killed": count(0)}), (3, {"killed": count(1)})]).alerts


def test_a_merge_that_is_undone_while_it_settles_is_never_told() -> None:
    merged: dict[str, object] = {"status": "merged", "merged_into": "j"}
    assert [a.kind for a in run([(1, merged)]).alerts] == ["merge"]
    assert not run([(1, merged), (2, {})]).alerts


def test_a_wait_that_ends_in_another_value_still_ends() -> None:
    other: dict[str, object] = {"event_type": EventType.SHOOTING}
    desk = run([(1, B), (3, other), (5, B), (6.5, other)])
    assert [(a.sent_at, a.reason) for a in desk.alerts] == [(at(1) + SETTLE, ("type bombing→shooting",))]


def test_what_is_left_of_several_changes_has_waited_on_its_own_account() -> None:
    both = {**B, "injured": count(3)}
    assert [a.sent_at for a in run([(1, both), (1.5, B)]).alerts] == [at(1) + SETTLE]
    assert [a.sent_at for a in run([(1, B), (2, both)]).alerts] == [at(2) + GATHER]


def test_a_headline_says_kind_what_where_toll_change_and_grade() -> None:
    [alert] = Desk(announced()).take(1, killed=count(6))
    assert alert.headline == "UPDATE: Bombing, Mardan, PK · 6 killed · killed 1→6 · F3, 1 source"


def test_a_state_without_anything_due_says_nothing() -> None:
    assert overdue(announced(), POLICY) == (announced(), [])
    assert overdue(IncidentState(incident=incident()), POLICY)[1] == []


VALUES: dict[str, list[dict[str, object]]] = {
    "type": [{"event_type": t} for t in (EventType.BOMBING, EventType.AIRSTRIKE, EventType.RAID)],
    "place": [{"places": (place(t),)} for t in ("Mardan", "Gao", "Kidal")],
    "killed": [{"killed": count(n)} for n in (1, 0)],
    "status": [{"status": "open"}, {"status": "merged", "merged_into": "j"}],
}
GAPS = st.floats(min_value=0.0, max_value=9.0, allow_nan=False)


def timed(steps: Sequence[tuple[float, Mapping[str, object]]]) -> list[Told]:
    """Gaps to hours."""
    return list(zip(accumulate(gap for gap, _ in steps), (changed for _, changed in steps), strict=True))


@st.composite
def wavering(draw: st.DrawFn) -> list[Told]:
    """One value that goes to and fro, at growing times."""
    values = VALUES[draw(st.sampled_from(sorted(VALUES)))]
    steps = draw(st.lists(st.tuples(GAPS, st.sampled_from(values)), max_size=12))
    return timed(steps)


@st.composite
def anything(draw: st.DrawFn) -> list[Told]:
    """Versions with any of many values, at growing times."""
    choices = st.fixed_dictionaries(
        {
            "event_type": st.sampled_from((EventType.BOMBING, EventType.AIRSTRIKE)),
            "killed": st.sampled_from((None, count(0), count(1), count(4))),
            "injured": st.sampled_from((None, count(2), count(5))),
            "status": st.sampled_from(("open", "open", "open", "merged", "retracted")),
            "severity": st.sampled_from(("minor", "moderate", "severe")),
            "grade": st.sampled_from(("F3", "F2", "F1")),
            "items": st.sampled_from((("alpha/1@0",), ("alpha/1@1",))),
        }
    )
    steps = draw(st.lists(st.tuples(GAPS, choices), max_size=12))
    return timed(steps)


@given(wavering())
def test_a_value_that_goes_to_and_fro_is_not_told_twice_within_the_settling_time(told: list[Told]) -> None:
    alerts = run(told).alerts
    times = [at(0), *(a.sent_at for a in alerts)]
    assert all(a.sent_at - last >= SETTLE for last, a in zip(times, alerts, strict=False) if a.kind != "update")


@given(st.sampled_from([v for values in VALUES.values() for v in values[1:]]), st.floats(min_value=0.0, max_value=5.9))
def test_there_and_back_within_the_settling_time_is_no_alert(other: dict[str, object], hours: float) -> None:
    assert not run([(1, other), (1 + hours, {})]).alerts


@given(anything(), st.lists(st.floats(min_value=0.0, max_value=120.0), max_size=20))
def test_how_often_the_clock_is_looked_at_makes_no_difference(told: list[Told], ticks: list[float]) -> None:
    assert run(told, ticks).alerts == run(told).alerts


@given(anything())
def test_in_the_end_the_reader_knows_all_that_matters_and_no_alert_is_empty_or_told_twice(told: list[Told]) -> None:
    desk = run(told)
    assert desk.state is not None
    assert desk.state.announced is not None
    assert changes(desk.state.announced, desk.state.incident) == ()
    assert all(a.reason for a in desk.alerts)
    assert len({a.alert_id for a in desk.alerts}) == len(desk.alerts)
    assert [a.sent_at for a in desk.alerts] == sorted(a.sent_at for a in desk.alerts)
