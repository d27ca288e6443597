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
    found = list(measured(Pipeline(gazetteer=place_index)))
    for news, values, texts in ((False, 0.94, 0.88), (True, 0.85, 0.63)):
        chosen = [done for hard, done in found if hard.background is news]
        right = [ok for done in chosen for ok, _ in done]
        assert sum(right) >= values * len(right)
        assert sum(all(ok for ok, _ in done) for done in chosen) >= texts * len(chosen)
