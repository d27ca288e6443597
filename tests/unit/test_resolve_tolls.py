"""Tolls over time: lines of reporting, replaced figures, disputes, boasts."""

import msgspec
import pytest

from processors.model import Actor, Claim, Count, EventType, Tally
from processors.resolve.intake import entries_of
from processors.resolve.told import Telling
from processors.resolve.tolls import count_of, line_of, party_words, tally
from tests.unit.resolving import mention, told


def telling(
    source: str, hours: float, killed: int | None, by: str | None = None, claims: tuple[Claim, ...] = ()
) -> Telling:
    each = told(source, f"{hours}", hours, mention("A bomb in Mardan.", killed=killed, by=by, claims=claims))
    return Telling(entries_of(each, stands=True)[0], each)


def injured(source: str, hours: float, number: int, by: str | None = None) -> Telling:
    each = told(source, f"{hours}", hours, mention("A bomb in Mardan.", injured=number, by=by))
    return Telling(entries_of(each, stands=True)[0], each)


def hurt(*tellings: Telling) -> Tally | None:
    return tally("injured", tellings, frozenset())


def toll(*tellings: Telling, parties: frozenset[str] = frozenset()) -> Tally | None:
    return tally("killed", sorted(tellings, key=lambda t: t.record.published_at), parties)


def test_a_line_replaces_its_own_figure() -> None:
    assert toll(telling("a", 0, 4, "police"), telling("b", 9, 7, "army spokesman")) == Tally(min=7, max=7, best=7)


def test_two_lines_that_still_speak_give_a_range_and_best_is_the_newest() -> None:
    found = toll(telling("a", 0, 15, "village chief"), telling("b", 2, 9, "police"))
    assert found == Tally(min=9, max=15, best=9)


def test_a_line_that_fell_silent_before_the_newest_figure_is_gone() -> None:
    found = toll(telling("a", 0, 3, "residents"), telling("b", 20, 8, "health ministry"))
    assert found == Tally(min=8, max=8, best=8)


def test_a_count_may_fall() -> None:
    found = toll(telling("a", 0, 12, "police"), telling("b", 10, 11, "police"))
    assert found == Tally(min=11, max=11, best=11)


def test_an_outlet_speaks_only_where_no_one_is_named_or_with_news() -> None:
    assert toll(telling("a", 0, 2), telling("b", 1, 3, "police")) == Tally(min=3, max=3, best=3)
    assert toll(telling("b", 1, 3, "police"), telling("a", 9, 5)) == Tally(min=5, max=5, best=5)


def test_an_outlets_own_lower_figure_of_the_dead_tells_of_some_and_of_the_hurt_how_many_are_left() -> None:
    by_name, own = telling("a", 0, 4, "police"), telling("b", 40, 3)
    assert toll(by_name, own) == Tally(min=4, max=4, best=4)
    assert hurt(injured("a", 0, 14, "police"), injured("b", 40, 13)) == Tally(min=13, max=13, best=13)


def test_a_round_up_speaks_only_where_nothing_else_does() -> None:
    """Of many deeds in one item a figure may be another's."""
    each = mention("A bomb in Mardan.", killed=9)
    many = told("weekly", "9", 9, each, mention("Shells on Sumy."), mention("A raid in Jenin."))
    passing = Telling(entries_of(many, stands=True)[0], many)
    assert toll(telling("a", 0, 2), passing) == Tally(min=2, max=2, best=2)
    assert toll(passing) == Tally(min=9, max=9, best=9)


def test_one_outlet_may_correct_another_and_who_dies_last_is_not_all() -> None:
    assert toll(telling("a", 0, 4), telling("b", 9, 3)) == Tally(min=3, max=3, best=3)
    assert toll(telling("a", 0, 4), telling("b", 9, 5), telling("c", 48, 1)) == Tally(min=5, max=5, best=5)


def test_a_boast_of_the_party_that_did_it_is_a_claim_only() -> None:
    boast = Claim(slot="killed", value=40, stance="claims", by="Northern Front", quote="forty killed")
    found = toll(
        telling("a", 0, 6, "police"), telling("b", 3, None, claims=(boast,)), parties=party_words(["Northern Front"])
    )
    assert found == Tally(min=6, max=6, best=6)


def test_nobody_gives_a_number() -> None:
    assert toll(telling("a", 0, None)) is None


def test_at_least_is_a_soft_bound() -> None:
    each = told("a", "1", 0, mention("x", kind=EventType.BOMBING))
    entry = entries_of(each, stands=True)[0]
    open_end = msgspec.structs.replace(entry, mention=msgspec.structs.replace(entry.mention, killed=Count(min=5)))
    assert toll(Telling(open_end, each)) == Tally(min=5, max=5, best=5)


@pytest.mark.parametrize(
    ("by", "line"),
    [
        ("regional police spokesman", "official"),
        ("hospital director", "medics"),
        ("the mayor of Gao", "town hall"),
        ("local residents", "locals"),
        ("a rights monitor", "monitor"),
        ("Ayesha Khan", "ayesha khan"),
        ("outlet", "outlet"),
    ],
)
def test_speakers_fall_into_lines(by: str, line: str) -> None:
    assert line_of(by, "outlet") == line


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (5, Count(min=5, max=5)),
        ("5", Count(min=5, max=5)),
        ([4, None], Count(min=4, max=None)),
        ({"min": 2, "max": 3}, Count(min=2, max=3)),
        ("several", None),
        (True, None),
        (None, None),
    ],
)
def test_a_claims_value_as_a_count(value: object, count: Count | None) -> None:
    assert count_of(value) == count


def test_words_that_name_a_party() -> None:
    actor = Actor(text="the armed forces of Zubrovia", kind="state_force")
    assert party_words([actor.text]) == {"zubrovia"}


def test_an_outlet_s_lower_figure_is_an_old_one_where_later_tellings_know_better() -> None:
    stale = [injured("a", 0, 7, "doctors"), injured("digest", 3, 5)]
    assert hurt(*stale) == Tally(min=5, max=7, best=5)
    assert hurt(*stale, injured("c", 9, 7)) == Tally(min=7, max=7, best=7)
