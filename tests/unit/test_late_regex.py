"""A late regular expression finds what a compiled one finds."""

import re

import pytest

from processors.extract.late_regex import LateRegex
from processors.extract.triggers import WORD, anchored

SOURCE = r"car[\s-]bomb\b"


@pytest.mark.parametrize(
    ("text", "at"), [("a car bomb", 2), ("a car bomb", 0), ("car-bomb", 0), ("car bombs", 0), ("", 0)]
)
def test_matches_where_it_is_asked(text: str, at: int) -> None:
    late, compiled = LateRegex(SOURCE).match(text, at), re.compile(SOURCE).match(text, at)
    assert (late and late.span()) == (compiled and compiled.span())


def test_finds_the_first() -> None:
    found = LateRegex(SOURCE).search("one car bomb, another car bomb")
    assert found is not None
    assert found.start() == 4


def test_a_broken_one_is_found_when_asked() -> None:
    late = LateRegex("(")
    with pytest.raises(re.error):
        late.match("(")


@pytest.mark.parametrize(
    "phrase", ["~open fire", "car bomb|bombs", "rocket * ~hit|~run_over", "fire", "under so-called fire"]
)
def test_what_a_phrase_needs_is_in_every_text_that_it_matches(phrase: str) -> None:
    texts = (
        "they opened fire", "a car-bomb", "car bombs", "a rocket late at night hit it", "rocket ran over", "fire",
        "under so-called fire", "open the fire", "car", "",
    )  # fmt: skip
    _, regex = anchored(phrase)
    for text in texts:
        if regex.search(text):
            assert regex.possible(set(WORD.findall(text)))


def test_a_text_without_the_second_word_is_not_asked() -> None:
    _, regex = anchored("~open fire")
    assert not regex.possible({"opened", "the", "door"})
    assert LateRegex("(").possible({"door"})
