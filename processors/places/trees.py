"""Boosted decision trees as numbers: evaluated in numpy, so that scikit-learn is needed in training only.

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
        self._base, self._roots = stored.base, np.array(stored.roots, dtype=np.intp)
        feature = np.array(stored.feature, dtype=np.intp)
        self._leaf = feature < 0
        self._feature = np.where(self._leaf, 0, feature)
        self._threshold = np.array(stored.threshold, dtype="f4")
        own = np.arange(len(feature))
        children = (np.where(self._leaf, own, np.array(side, dtype=np.intp)) for side in (stored.left, stored.right))
        self._children = np.stack(list(children), axis=1).ravel()
        self._value = np.array(stored.value, dtype="f4")
        self._depth = _depth(stored)

    def probability(self, rows: np.ndarray) -> np.ndarray:
        """Rows (n x features) → n probabilities."""
        if not len(rows):
            return np.zeros(0, dtype="f4")
        node = np.broadcast_to(self._roots, (len(rows), len(self._roots)))
        values, row = rows.ravel(), np.arange(len(rows))[:, None] * rows.shape[1]
        for _ in range(self._depth):  # `take` is several times as fast as indexing with arrays
            right = values.take(row + self._feature.take(node)) > self._threshold.take(node)
            node = self._children.take(2 * node + right)
        return np.asarray(1 / (1 + np.exp(-(self._base + self._value.take(node).sum(axis=1)))))


def _depth(stored: Stored) -> int:
    depth, level = 0, set(stored.roots)
    while level := {child for n in level if stored.feature[n] >= 0 for child in (stored.left[n], stored.right[n])}:
        depth += 1
    return depth


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
