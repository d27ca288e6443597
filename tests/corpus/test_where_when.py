"""Our own sentences of where and when: floors that rise with what is read right."""

from pathlib import Path

import pytest

from processors.places.index import Gazetteer
from tests.corpus.where_when import tables, wrong_when, wrong_where


def test_times() -> None:
    texts = tables().when
    assert len(wrong_when(texts)) <= 0.03 * len(texts)


@pytest.mark.slow
def test_places(place_index: Path) -> None:
    texts = tables().where
    assert len(wrong_where(texts, Gazetteer.open(place_index))) <= 0.08 * len(texts)
