"""How far an incident can be trusted and how grave it is: Admiralty grade, confidence, severity. Each by an
explicit rule.
"""

from collections.abc import Sequence

from processors.model import EventType, Incident, Severity, Tally

LETTERS = "ABCDEF"
SEVERITIES: tuple[Severity, ...] = ("minor", "moderate", "severe", "extreme")
RELIABILITY = {"A": 0.95, "B": 0.85, "C": 0.7, "D": 0.5, "E": 0.3, "F": 0.55}  # F: cannot be judged, which is not bad
QUIET = frozenset({EventType.PROTEST, EventType.THREAT})
GRAVE = frozenset(
    {EventType.AIRSTRIKE, EventType.DRONE_STRIKE, EventType.MISSILE, EventType.BOMBING, EventType.SUICIDE_BOMBING}
    | {EventType.ASSASSINATION, EventType.ABDUCTION, EventType.SEXUAL_VIOLENCE, EventType.ARMED_CLASH}
)


def best_letter(letters: Sequence[str]) -> str:
    """The best source's reliability. F (cannot be judged) ranks after D: E is known to be unreliable."""
    return min(letters, key="ABCDFE".index, default="F")


def credibility(independent: int, contradicted: bool, confirmed: bool) -> int:
    """The Admiralty digit: 1 confirmed by independent sources, 2 probably true, 3 possibly true, 4 doubtful, 6
    cannot be judged.
    """
    if contradicted:
        return 3 if independent >= 3 or confirmed else 4
    if independent >= 3 or (independent >= 2 and confirmed):
        return 1
    if independent >= 2 or confirmed:
        return 2
    return 3 if independent else 6


def grade(letters: Sequence[str], independent: int, contradicted: bool, confirmed: bool) -> str:
    """The Admiralty grade, such as B2 (NATO STANAG 2511): letter by the best source, digit by corroboration."""
    return f"{best_letter(letters)}{credibility(independent, contradicted, confirmed)}"


def confidence(letters: Sequence[str], mentions: Sequence[float], contradicted: bool) -> float:
    """Share in 0..1: one less the chance that every origin is wrong, each weighed by its reliability and the
    extraction's own
    confidence; halved in its distance from certainty where the occurrence is denied."""
    wrong = 1.0
    for letter, sure in zip(letters, mentions, strict=True):
        wrong *= 1 - RELIABILITY.get(letter, 0.55) * min(max(sure, 0.05), 0.99)
    right = 1 - wrong
    return round(min(0.99, right * (0.6 if contradicted else 1.0)), 2)


def severity(incident: Incident) -> Severity:
    """By the dead, else the hurt, else what was done: extreme from 20 dead, severe from 5, moderate with anyone
    dead.
    """
    dead, hurt = _figure(incident.killed), _figure(incident.injured)
    if dead >= 20 or hurt >= 100:
        return "extreme"
    if dead >= 5 or hurt >= 20:
        return "severe"
    if dead or hurt or (incident.event_type in GRAVE and incident.outcome != "failed"):
        return "moderate"
    return "minor"


def _figure(tally: Tally | None) -> int:
    if tally is None:
        return 0
    return next((n for n in (tally.best, tally.min, tally.max) if n is not None), 0)


def at_least(one: Severity, other: Severity) -> bool:
    return SEVERITIES.index(one) >= SEVERITIES.index(other)
