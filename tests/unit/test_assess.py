"""Grade, confidence and severity."""

import pytest

from processors.assess import best_letter, confidence, credibility, grade, severity
from processors.model import EventType, Incident, Tally


@pytest.mark.parametrize(
    ("independent", "contradicted", "confirmed", "digit"),
    [
        (0, False, False, 6),
        (1, False, False, 3),
        (1, False, True, 2),
        (2, False, False, 2),
        (2, False, True, 1),
        (3, False, False, 1),
    ]
    + [(1, True, False, 4), (3, True, False, 3), (1, True, True, 3)],
)
def test_the_digit_follows_corroboration_and_contradiction(
    independent: int, contradicted: bool, confirmed: bool, digit: int
) -> None:
    assert credibility(independent, contradicted, confirmed) == digit


def test_the_letter_is_the_best_sources_and_f_ranks_before_e() -> None:
    assert best_letter(["F", "B", "D"]) == "B"
    assert best_letter(["E", "F"]) == "F"
    assert best_letter([]) == "F"
    assert grade(["C", "B"], 2, False, True) == "B1"


def test_confidence_grows_with_origins_and_falls_with_denial() -> None:
    one, two = confidence(["C"], [0.8], False), confidence(["C", "C"], [0.8, 0.8], False)
    assert 0 < one < two < 1
    assert confidence(["C"], [0.8], True) < one
    assert confidence([], [], False) == 0


@pytest.mark.parametrize(
    ("kind", "killed", "injured", "outcome", "expected"),
    [
        (EventType.BOMBING, 20, None, "hit", "extreme"),
        (EventType.BOMBING, 5, None, "hit", "severe"),
        (EventType.PROTEST, None, 20, "unknown", "severe"),
        (EventType.SHOOTING, 1, None, "hit", "moderate"),
        (EventType.AIRSTRIKE, None, None, "hit", "moderate"),
        (EventType.AIRSTRIKE, None, None, "failed", "minor"),
        (EventType.PROTEST, None, None, "unknown", "minor"),
        (EventType.SHOOTING, 0, 0, "hit", "minor"),
    ],
)
def test_severity_by_the_dead_the_hurt_and_the_kind(
    kind: EventType, killed: int | None, injured: int | None, outcome: str, expected: str
) -> None:
    def tally(n: int | None) -> Tally | None:
        return None if n is None else Tally(min=n, max=n, best=n)

    made = Incident(
        incident_id="i", version=1, status="open", event_type=kind, title="t", outcome=outcome,  # type: ignore[arg-type]
        killed=tally(killed), injured=tally(injured),
    )  # fmt: skip
    assert severity(made) == expected
