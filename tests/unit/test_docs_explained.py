"""docs/explained.md is what the program says of its sentences today."""

import re

import pytest

from tools.explain_sentences import TARGET, page

NUMBERS = re.compile(r"(probability|confidence) \d\.\d\d")  # these may differ in the last digit from machine to machine


@pytest.mark.slow
def test_the_page_is_what_the_program_says() -> None:
    assert NUMBERS.sub("#", TARGET.read_text("utf-8")) == NUMBERS.sub("#", page()), (
        "run python -m tools.explain_sentences"
    )
