"""Words of one sentence told side by side, or one after the other."""

import pytest

from processors.extract.clauses import answered_first, cut_between, listed, parted
from processors.extract.nlp import parse


@pytest.mark.parametrize(
    ("text", "one", "other", "apart"),
    [
        (
            "Gunmen killed a clerk in Ashdale on Tuesday, and a grenade wounded four people in Brookton.",
            "killed",
            "wounded",
            True,
        ),
        ("A bomb killed three people on Monday while gunmen shot two policemen in Brookton.", "killed", "shot", True),
        ("A bomb that a drone dropped killed three people.", "dropped", "killed", False),
        ("Police said gunmen shot two men.", "said", "shot", False),
        ("Drones hit a depot in Ashdale, a missile killed two people in Brookton.", "hit", "killed", True),
    ],
)
def test_parted(text: str, one: str, other: str, apart: bool) -> None:
    [doc] = parse([text])
    words = {t.text: t for t in doc}
    assert parted(words[one], words[other]) is apart


def test_hours_after() -> None:
    text = "Hours after rockets struck a post, warplanes bombed a village."
    first, second = text.index("rockets"), text.index("warplanes")
    assert answered_first(text, second, first) is True
    assert answered_first(text, first, second) is False
    assert answered_first("Three died after a bomb went off.", 0, 20) is None


@pytest.mark.parametrize(
    ("text", "one", "other", "apart"),
    [
        ("Gunmen killed a clerk in Ashdale and a grenade wounded four people in Brookton.", "killed", "wounded", True),
        ("Two women were killed when shells hit a bakery in Brookton.", "killed", "hit", False),
    ],
)
def test_deeds_of_a_list_and_one_deed(text: str, one: str, other: str, apart: bool) -> None:
    [doc] = parse([text])
    words = {t.text: t for t in doc}
    assert listed(words[one], words[other]) is apart


@pytest.mark.parametrize(
    ("text", "one", "other", "begins"),
    [
        ("Rebels shot a guard in Ashdale and burned two lorries in Brookton.", "shot", "burned", "burned"),
        ("Rockets were fired at Ashdale in retaliation for an airstrike on Brookton.", "fired", "airstrike", "retal"),
    ],
)
def test_where_the_later_clause_begins(text: str, one: str, other: str, begins: str) -> None:
    [doc] = parse([text])
    words = {t.text: t for t in doc}
    assert cut_between(words[one], words[other]) == text.index(begins)
