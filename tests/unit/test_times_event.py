"""Which time is the incident's: by syntax, not the statement's, the court's or the dateline's."""

from datetime import UTC, datetime

import pytest

from processors.times.event_time import event_time
from processors.times.find import find_times
from tests.unit.times_samples import analysed

WEDNESDAY = datetime(2024, 2, 7, 15, 0, tzinfo=UTC)


def told(text: str, trigger: str) -> str | None:
    analysis = analysed(text)
    start = text.index(trigger)
    sentence = analysis.sentence_at(start)
    assert sentence is not None
    found = event_time(analysis, sentence, start, start + len(trigger), find_times(text, WEDNESDAY))
    return found.text if found else None


OWN = [
    ("Police said on Monday that a bomb exploded at a market on Sunday.", "exploded", "Sunday"),
    ("A man who was shot on Sunday appeared in court on Tuesday.", "shot", "Sunday"),
    ("A bomb exploded in the town on Friday, police said on Saturday.", "exploded", "Friday"),
    ("A bomb exploded in the town. It happened around 9 p.m. on Sunday.", "exploded", "9 p.m. on Sunday"),
    ("A bomb exploded at a mosque on Friday, the first attack there since 2019.", "exploded", "Friday"),
    ("Officials met on Tuesday after Sunday's attack on the convoy.", "attack", "Sunday"),
    ("Police say early on Sunday a man was shot near the port.", "shot", "early on Sunday"),
    ("The mayor condemned the bombing of a market on Sunday evening.", "bombing", "Sunday evening"),
]


@pytest.mark.parametrize(("text", "trigger", "expected"), OWN)
def test_the_incidents_own_time(text: str, trigger: str, expected: str) -> None:
    assert told(text, trigger) == expected


NONE = [
    ("LUNA CITY (Feb. 5, 2024) — A bomb exploded at a market.", "exploded"),
    ("A bomb exploded at a market. A memorial will be held on Friday.", "exploded"),
    ("Updated 5:40 p.m. A bomb exploded at a market.", "exploded"),
    ("A bomb exploded at a market.", "exploded"),
]


@pytest.mark.parametrize(("text", "trigger"), NONE)
def test_no_time_is_better_than_anothers(text: str, trigger: str) -> None:
    assert told(text, trigger) is None


def test_what_followed_is_no_time_of_the_sentence_alone() -> None:
    """The surrender's day is not the shooting's; where other sentences are asked too it is a last resort."""
    assert told("Shooting suspect Omar Haddad surrendered late on Monday.", "Shooting") is None
