"""Did it work: hit, failed, intercepted, unknown."""

import pytest

from processors.extract.outcome import outcome_of
from tests.unit.actor_samples import analysed

CASES = [
    ("A shell landed on a house, killing two.", "shell", "missile_rocket_artillery", "hit"),
    ("Four rockets were fired at the base but missed their target.", "rockets", "missile_rocket_artillery", "failed"),
    ("Air defences shot down two drones over the bay.", "drones", "drone_strike", "intercepted"),
    ("Police defused a bomb under a bridge.", "bomb", "bombing", "failed"),
    ("Rockets were launched towards the town.", "Rockets", "missile_rocket_artillery", "unknown"),
    ("No one was killed when a rocket fell into a field.", "rocket", "missile_rocket_artillery", "failed"),
    ("Six workers were kidnapped on the road.", "kidnapped", "abduction", "hit"),
    ("Thousands marched to the square.", "marched", "protest", "unknown"),
    ("A blast killed two at a depot.", "blast", "explosion_unattributed", "unknown"),
    ("It was unclear whether the missile was intercepted.", "missile", "missile_rocket_artillery", "unknown"),
]


@pytest.mark.parametrize(("text", "trigger", "event_type", "expected"), CASES)
def test_outcome(text: str, trigger: str, event_type: str, expected: str) -> None:
    analysis = analysed(text)
    start = text.index(trigger)
    outcome, words = outcome_of(
        analysis, analysis.sentences[0], start, start + len(trigger), event_type, analysis.sentences
    )
    assert outcome == expected
    if words is not None:
        assert analysis.text[words.start : words.end] == words.text
