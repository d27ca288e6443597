"""Boosted trees: all questions at once give what walking each tree gives."""

import numpy as np
import pytest

from processors.errors import ResourceError
from processors.places.trees import Stored, Trees, load

# A tree of two questions, a lone leaf, and a tree that hangs to the right.
MODEL = Stored(
    names=("people", "letters"),
    base=-0.5,
    roots=[0, 5, 6],
    feature=[0, 1, -1, -1, -1, -1, 1, -1, 0, -1, -1],
    threshold=[2.0, 5.0, 0, 0, 0, 0, 4.0, 0, 1.0, 0, 0],
    left=[1, 2, 0, 0, 0, 0, 7, 0, 9, 0, 0],
    right=[4, 3, 0, 0, 0, 0, 8, 0, 10, 0, 0],
    value=[0, 0, 0.25, -1.0, 2.0, 0.125, 0, -0.75, 0, 0.5, 1.5],
)


def walked(row: tuple[float, float]) -> float:
    total = MODEL.base
    for node in MODEL.roots:
        while MODEL.feature[node] >= 0:
            side = MODEL.left if row[MODEL.feature[node]] <= MODEL.threshold[node] else MODEL.right
            node = side[node]
        total += MODEL.value[node]
    return float(1 / (1 + np.exp(-total)))


def test_probabilities_are_those_of_walking_each_tree() -> None:
    rows = [(people, letters) for people in (0.0, 1.0, 1.5, 2.0, 3.0) for letters in (3.0, 4.0, 4.5, 5.0, 6.0)]
    found = Trees(MODEL).probability(np.array(rows, dtype="f4"))
    assert found.tolist() == pytest.approx([walked(row) for row in rows], abs=1e-6)


def test_no_rows_no_probabilities() -> None:
    assert Trees(MODEL).probability(np.zeros((0, 2), dtype="f4")).shape == (0,)


def test_a_model_of_other_features_is_refused() -> None:
    with pytest.raises(ResourceError, match="other features"):
        load("recogniser", ("letters",))
