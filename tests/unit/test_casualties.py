"""Tolls of single sentences: who, how many, what became of them; what is no toll."""

import random

import pytest

from processors.extract.casualties import Toll, find_tolls
from tests.unit.times_samples import analysed


def tolls(text: str) -> list[Toll]:
    analysis = analysed(text)
    return [t for s in analysis.sentences for t in find_tolls(analysis, s)]


def figures(text: str) -> list[tuple[str, int | None, int | None]]:
    return [(t.slot, t.count.min, t.count.max) for t in tolls(text)]


ONE = [
    ("Two soldiers and a passer-by were killed.", ("killed", 3, 3)),
    ("A couple and their four children were killed when a shell hit the barn.", ("killed", 6, 6)),
    ("Omar Haddad, 41, died at hospital on Monday.", ("killed", 1, 1)),
    ("His wife was also wounded.", ("injured", 1, 1)),
    ("The body of a woman was found near the canal.", ("killed", 1, 1)),
    ("A farmer was shot dead outside his barn.", ("killed", 1, 1)),
    ("A farmer was fatally stabbed on Monday.", ("killed", 1, 1)),
    ("A farmer was beaten to death.", ("killed", 1, 1)),
    ("A nurse was pronounced dead at the scene.", ("killed", 1, 1)),
    ("A nurse succumbed to her injuries.", ("killed", 1, 1)),
    ("The attack claimed the lives of nine people.", ("killed", 9, 9)),
    ("Nine people lost their lives.", ("killed", 9, 9)),
    ("The death toll rose to 12.", ("killed", 12, 12)),
    ("Officials raised the toll from five to seven dead.", ("killed", 7, 7)),
    ("A fifth miner died on Monday.", ("killed", 5, 5)),
    ("At least 20 people were injured.", ("injured", 20, None)),
    ("More than 20 people were injured.", ("injured", 21, None)),
    ("Dozens were wounded.", ("injured", 24, None)),
    ("A nurse was shot in the leg.", ("injured", 1, 1)),
    ("A nurse was rushed to hospital with gunshot wounds.", ("injured", 1, 1)),
    ("Two nurses remain in critical condition.", ("injured", 2, 2)),
    ("The blast left a guard in critical condition.", ("injured", 1, 1)),
    ("Police arrested three suspects.", ("detained", 3, 3)),
    ("Six pupils were kidnapped.", ("abducted", 6, 6)),
    ("Two hostages were freed.", ("released", 2, 2)),
    ("Four miners are missing.", ("missing", 4, 4)),
    ("Ten dead in factory blast", ("killed", 10, 10)),
    ("Guard killed in ambush", ("killed", 1, 1)),
    ("Killed: 3", ("killed", 3, 3)),
    ("2x KIA", ("killed", 2, 2)),
    ("💀 4 killed", ("killed", 4, 4)),
]


@pytest.mark.parametrize(("text", "expected"), ONE)
def test_one_figure(text: str, expected: tuple[str, int, int | None]) -> None:
    assert expected in figures(text)
    assert {f[0] for f in figures(text)} == {expected[0]}


TWO = [
    ("A bomb exploded near a market, killing two and wounding five.", 2, 5),
    ("The blast left 3 dead and 20 injured.", 3, 20),
    ("3 killed, 7 wounded in the port", 3, 7),
    ("2 dead 1 wounded", 2, 1),
    ("As of noon there are 4 dead and 11 injured.", 4, 11),
    ("Two guards died and five others were injured.", 2, 5),
]


@pytest.mark.parametrize(("text", "killed", "injured"), TWO)
def test_dead_and_hurt_in_one_sentence(text: str, killed: int, injured: int) -> None:
    assert figures(text) == [("killed", killed, killed), ("injured", injured, injured)]


@pytest.mark.parametrize(
    "text", ["No casualties were reported.", "Nobody was hurt.", "No one was injured in the fire."]
)
def test_nobody_hurt_is_nobody_killed_either(text: str) -> None:
    assert sorted(figures(text)) == [("injured", 0, 0), ("killed", 0, 0)]


def test_no_deaths_says_nothing_of_the_hurt() -> None:
    assert figures("There were no fatalities.") == [("killed", 0, 0)]


NOTHING = [
    "The bomb could have killed dozens of people.",
    "He threatened to kill two guards.",
    "They tried to kill the mayor.",
    "If two guards had died, the town would have risen.",
    "The guard was not injured.",
    "14 drones were shot down over the bay.",
    "Two cows were killed.",
    "Officers found six gunshot casings.",
    "About 30 killed and wounded",
    "There were no casualties to our forces.",
    "A man shot at a patrol.",
    "The talks died and the deal was killed.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_no_toll(text: str) -> None:
    assert [f for f in figures(text) if f[1] is not None] == []


def test_attackers_are_told_apart() -> None:
    assert figures("Police killed two gunmen.") == [("attackers_killed", 2, 2)]
    assert ("attackers_killed", 1, 1) in figures("The bomber blew himself up near a bank.")
    assert [t.group for t in tolls("Two militants were killed.")] == ["any"]


def test_flags() -> None:
    assert tolls("Officials put the death toll at nine.")[0].cumulative
    assert tolls("Four of the wounded were shot in the leg.")[0].subset
    assert tolls("Another man was wounded.")[0].more
    assert tolls("The clerk was killed.")[0].definite
    assert tolls("A driver was shot.")[0].whole
    assert tolls("The army said it had neutralised 12 militants.")[0].worded
    assert tolls("So far this year 40 guards were killed.")[0].background
    assert tolls("Omar Haddad was killed.")[0].names == ("Omar Haddad",)
    assert tolls("Three Kenyan guards were killed.")[0].side == "Kenyan"


def test_words_stand_at_their_offsets() -> None:
    text = "It rained. Two guards and a clerk were killed in the depot."
    toll = tolls(text)[0]
    assert toll.count.start is not None and toll.count.end is not None
    assert text[toll.count.start : toll.count.end] == toll.count.text == "Two guards and a clerk"
    assert text[toll.verb.start : toll.verb.end] == toll.verb.text == "killed"
    assert (toll.start, toll.end) == (toll.count.start, toll.verb.end)


def test_cut_and_shuffled_sentences_never_break_it() -> None:
    words = " ".join(text for text, _ in ONE).split()
    chance = random.Random(7)
    for _ in range(60):
        text = " ".join(chance.sample(words, 12))[chance.randrange(5) :]
        for toll in tolls(text):
            assert text[toll.verb.start : toll.verb.end] == toll.verb.text
