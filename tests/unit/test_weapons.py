"""Weapons: types, words, counts; what only implies a weapon; what is none."""

import pytest

from processors.extract.weapons import WeaponWords, find_weapons, plural, weapon_words
from processors.lexicon.load import load
from processors.model import Weapon
from tests.unit.actor_samples import analysed


def weapons(text: str) -> list[Weapon]:
    analysis = analysed(text)
    return [w for s in analysis.sentences for w in find_weapons(analysis, s)]


NAMED = [
    ("The base was hit by more than five rockets.", "rocket", "rockets", (6, None)),
    ("Some 40 Shahed drones came in overnight.", "drone", "Shahed drones", (40, 40)),
    ("Two Iskander missiles fell on the port.", "missile", "Iskander missiles", (2, 2)),
    ("He was armed with an AK-47.", "small_arms", "AK-47", None),
    ("A VBIED went off at the gate.", "car_bomb", "VBIED", None),
    ("Police found a roadside bomb.", "ied", "roadside bomb", None),
    ("Jets dropped a glide bomb on the depot.", "aircraft_bomb", "glide bomb", None),
]


@pytest.mark.parametrize(("text", "kind", "words", "count"), NAMED)
def test_named_weapons(text: str, kind: str, words: str, count: tuple[int, int | None] | None) -> None:
    found = next(w for w in weapons(text) if w.text == words)
    assert found.type == kind
    assert (found.count and (found.count.min, found.count.max)) == count
    assert found.start is not None and analysed(text).text[found.start : found.end] == words


def test_words_for_the_deed_imply_a_weapon_without_naming_one() -> None:
    found = weapons("Two men opened fire on a taxi.")
    assert [(w.type, w.text) for w in found] == [("small_arms", "")]


def test_a_named_weapon_stands_for_the_implied_one() -> None:
    assert [(w.type, w.text) for w in weapons("He was shot dead with a pistol.")] == [("small_arms", "pistol")]


@pytest.mark.parametrize("text", ["The bomb squad came.", "Mine workers marched.", "Bomb disposal teams arrived."])
def test_what_is_no_weapon(text: str) -> None:
    assert weapons(text) == []


def test_a_number_of_people_counts_no_weapons() -> None:
    found = weapons("Five policemen were killed by a bomb.")
    assert [(w.type, w.count) for w in found] == [("ied", None)]


LEXICON = load("weapons", dict[str, WeaponWords])


@pytest.mark.parametrize("kind", LEXICON)
def test_each_entry_fires_on_itself(kind: str) -> None:
    words = LEXICON[kind]
    for entry in (*words.words, *words.names, *words.implied):
        assert weapon_words(f"x {entry} y"), entry
    for word in words.words:
        assert weapon_words(plural(word)), word
