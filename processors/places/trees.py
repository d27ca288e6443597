"""Boosted decision trees as numbers: evaluated in numpy, so that scikit-learn is needed in training only.

All questions of all trees are asked at once. Each answer rules out the leaves on its other side; of those that are left the
first is where the row ends ("QuickScorer", Lucchese et al., SIGIR 2015).

A model is a JSON object of flat arrays over all trees' nodes: `feature` (-1 in a leaf), `threshold`, `left` and `right` (node
numbers), `value` (of leaves), `roots`, and `base`, the sum that the trees' values are added to. Left means value <= threshold.
"""

from functools import cache
from importlib.resources import files

import msgspec
import numpy as np

from processors.errors import ResourceError


class Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file's content. `names` are the features that it was trained on, in order."""

    names: tuple[str, ...]
    base: float
    roots: list[int]
    feature: list[int]
    threshold: list[float]
    left: list[int]
    right: list[int]
    value: list[float]


class Trees:
    """A boosted classifier."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        trees = [_laid_out(stored, root) for root in stored.roots]
        questions = [question for asked, _ in trees for question in asked]
        self._feature = np.array([stored.feature[node] for node, _ in questions], dtype=np.intp)
        self._threshold = np.array([stored.threshold[node] for node, _ in questions], dtype="f4")
        self._left_out = np.array([~mask for _, mask in questions], dtype="i4")  # 31 leaves a tree at most
        self._firsts = np.cumsum([0, *(len(asked) for asked, _ in trees[:-1])])
        self._base, self._most = stored.base, max(len(leaves) for _, leaves in trees)
        self._leaves = np.zeros((len(trees), self._most), dtype="f4")
        for tree, (_, leaves) in enumerate(trees):
            self._leaves[tree, : len(leaves)] = [stored.value[node] for node in leaves]

    def probability(self, rows: np.ndarray) -> np.ndarray:
        """Rows (n x features) → n probabilities."""
        if not len(rows):
            return np.zeros(0, dtype="f4")
        right = rows.take(self._feature, axis=1) > self._threshold
        left = np.bitwise_and.reduceat(np.where(right, self._left_out, np.int32(-1)), self._firsts, axis=1)
        first = np.frexp((left & -left).astype("f8"))[1] - 1  # number of the lowest bit
        values = self._leaves.ravel().take(first + np.arange(len(self._firsts)) * self._most)
        return np.asarray(1 / (1 + np.exp(-(self._base + values.sum(axis=1)))))


def _laid_out(stored: Stored, root: int) -> tuple[list[tuple[int, int]], list[int]]:
    """A tree's questions, each (node, bits of the leaves below its left child), and its leaves from left to right."""
    questions: list[tuple[int, int]] = []
    leaves: list[int] = []

    def visit(node: int) -> None:
        if stored.feature[node] < 0:
            leaves.append(node)
            return
        before = len(leaves)
        visit(stored.left[node])
        questions.append((node, (1 << len(leaves)) - (1 << before)))
        visit(stored.right[node])

    visit(root)
    return questions or [(root, 0)], leaves


@cache
def load(name: str, features: tuple[str, ...]) -> Trees:
    """The model `processors/places/NAME.json`. Raises ResourceError where it is missing or was trained on other features."""
    try:
        stored = msgspec.json.decode((files("processors.places") / f"{name}.json").read_bytes(), type=Stored)
    except (OSError, msgspec.DecodeError) as error:
        raise ResourceError(f"processors/places/{name}.json: {error}") from error
    if stored.names != features:
        raise ResourceError(f"processors/places/{name}.json was trained on other features: run tools/train/places.py")
    return Trees(stored)
