"""The hard sentences: a floor that rises with what is read right."""

from pathlib import Path

import pytest

from processors.pipeline import Pipeline
from tests.corpus.hard import checks, hard_texts, measured


def test_a_text_that_tells_nothing_is_held_to_what_is_expected() -> None:
    hard = next(h for h in hard_texts() if len(h.told) == 2)
    found = checks(hard, ())
    assert not any(right for right, _ in found[:-1])
    assert found[-1][0]


@pytest.mark.slow
def test_hard_sentences(place_index: Path) -> None:
    found = [done for _, done in measured(Pipeline(gazetteer=place_index))]
    right = [ok for done in found for ok, _ in done]
    assert sum(right) >= 0.94 * len(right)
    assert sum(all(ok for ok, _ in done) for done in found) >= 0.88 * len(found)
