"""The greedy search of spaCy's entity recogniser over all sentences at once, on arrays: it finds the same entities.

Outside an entity the recogniser's choice at a word depends on that word alone, so all these are made together. Only inside
an entity it looks back: from every word with which one may begin they are followed, all together, word by word to their ends.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IS_SPACE, SENT_START
from spacy.tokens import Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

SEEN = 3  # words that a choice is made from: the next one, the entity's first and its last
Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]
Flags = NDArray[np.bool_]


class EntitySearch:
    """A recogniser that begins, goes on, ends and does single words by label. Raises ValueError or KeyError: another build."""

    def __init__(self, recogniser: Any) -> None:
        self._vectors, hidden, scores = recogniser.model.layers
        weights: Floats = hidden.get_param("W")  # words seen x width x pieces x width of a vector
        seen, width, pieces, own = weights.shape
        if (seen, pieces, scores.name) != (SEEN, 2, "linear"):
            raise ValueError("a recogniser of another build")
        side_by_side = weights.transpose(3, 0, 2, 1)
        self._weights, self._width = np.ascontiguousarray(side_by_side.reshape(own, -1)), width
        self._bias = hidden.get_param("b").T.reshape(-1)
        self._absent = hidden.get_param("pad")[0].transpose(0, 2, 1).reshape(SEEN, -1)
        moves = [recogniser.moves.get_class_name(n) for n in range(recogniser.moves.n_moves)]
        self._labels = [move[2:] for move in moves if move.startswith("B-")]
        outside = [f"{kind}-{label}" for kind in "BU" for label in self._labels] + ["O"]
        inside = [f"{kind}-{label}" for kind in "IL" for label in self._labels]
        self._outside, self._inside = (
            self._scorer(scores, [moves.index(m) for m in some]) for some in (outside, inside)
        )

    def __call__(self, docs: "Sequence[Doc]") -> None:
        """Sets the entities of sentences that hold none and are parsed."""
        lengths = list(map(len, docs))
        signs = np.concatenate([doc.to_array([SENT_START, IS_SPACE]) for doc in docs])
        ends = np.cumsum(lengths)
        last = np.append(signs[1:, 0] == 1, True)  # an entity does not reach into the next sentence
        last[ends - 1] = True
        read = self._vectors.predict(docs) @ self._weights
        found = self._entities(read.reshape(len(last), SEEN, -1), last, signs[:, 1] == 1)
        for doc, first, after in zip(docs, ends - lengths, ends, strict=True):
            own = found[np.searchsorted(found[:, 0], first) : np.searchsorted(found[:, 0], after)]
            spans = (Span(doc, a - first, b - first, label=self._labels[label]) for a, b, label in _apart(own.tolist()))
            doc.set_ents(list(spans), default="outside")

    def _entities(self, read: Floats, last: Flags, space: Flags) -> Numbers:
        """Rows (first word, word behind the last, label): what would be chosen, were the word before outside."""
        count = len(self._labels)
        scores = self._scores(read[:, 0] + self._absent[1], self._absent[2], self._outside)
        scores[last | space, :count] = -np.inf
        scores[space, count : 2 * count] = -np.inf
        choice = scores.argmax(axis=1)
        starts = np.flatnonzero(choice < 2 * count)
        labels = choice[starts] % count
        behind = starts + 1
        many = np.flatnonzero(choice[starts] < count)
        while len(many):
            at = behind[many]
            scores = self._scores(read[at, 0] + read[starts[many], 1], read[at - 1, 2], self._inside)
            rows, behind[many] = np.arange(len(many)), at + 1
            goes_on = scores[rows, labels[many]] >= scores[rows, count + labels[many]]
            many = many[goes_on & ~last[at]]
        return np.stack([starts, behind, labels], axis=1)

    def _scores(self, sums: Floats, more: Floats, scorer: tuple[Floats, Floats]) -> Floats:
        """Of moves, from the parts that the words seen bring to each state (n x pieces by width)."""
        sums += more
        sums += self._bias
        weights, bias = scorer
        return np.asarray(np.maximum(sums[:, : self._width], sums[:, self._width :]) @ weights + bias)

    def _scorer(self, scores: Any, moves: list[int]) -> tuple[Floats, Floats]:
        return np.ascontiguousarray(scores.get_param("W")[moves].T), scores.get_param("b")[moves]


def _apart(found: list[list[int]]) -> Iterator[list[int]]:
    """Those that begin outside the ones before them."""
    end = 0
    for entity in found:
        if entity[0] >= end:
            end = entity[1]
            yield entity
