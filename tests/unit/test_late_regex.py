"""A late regular expression finds what a compiled one finds."""

import re

import pytest

from processors.extract.late_regex import LateRegex

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
