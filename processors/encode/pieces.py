"""A text cut into the encoder's word pieces: of all ways to cut a word, the likeliest by the pieces' scores (a unigram model).

The 250,000 pieces are kept as sorted hashes in three arrays, a tenth of the memory of a dictionary of strings.
"""

import re
import unicodedata
from functools import lru_cache

import numpy as np
import xxhash

from processors.encode.weights import Weights

SPACE = "▁"  # stands for the space before a word
LONGEST = 16  # characters of a piece that is looked for
UNKNOWN_COST = 10.0  # below the least score, as in SentencePiece
LETTERS = 200  # of a run without spaces that are cut at once: longer ones are no words
WORD = re.compile(rf"\S{{1,{LETTERS}}}")


class Pieces:
    """Cuts texts. Keeps the words it has seen lately."""

    def __init__(self, weights: Weights) -> None:
        keys = np.fromiter((_key(p) for p in weights.pieces), np.uint64, len(weights.pieces))
        order = np.argsort(keys)
        self._keys, self._numbers = keys[order], order.astype(np.int32)
        self._scores = weights.scores[order]
        self._unknown = weights.special.unknown
        self._unknown_score = float(weights.scores.min()) - UNKNOWN_COST
        self._of_word = lru_cache(1 << 15)(self._cut)

    def of(self, text: str) -> list[int]:
        """The numbers of the pieces."""
        words = WORD.findall(unicodedata.normalize("NFKC", text))
        return [number for word in words for number in self._of_word(SPACE + word)]

    def _cut(self, word: str) -> list[int]:
        spans = [(a, b) for b in range(1, len(word) + 1) for a in range(max(0, b - LONGEST), b)]
        found, numbers, scores = self._look_up([word[a:b] for a, b in spans])
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(-np.inf, 0, 0)] * len(word)
        for (a, b), known, number, score in zip(spans, found, numbers, scores, strict=True):
            if not known:
                if b - a > 1:
                    continue
                number, score = self._unknown, self._unknown_score
            if best[a][0] + score > best[b][0]:
                best[b] = (best[a][0] + score, a, number)
        return self._back(best)

    def _back(self, best: list[tuple[float, int, int]]) -> list[int]:
        """The path to the end; unknown characters in a row are one piece."""
        path: list[int] = []
        at = len(best) - 1
        while at:
            _, before, number = best[at]
            if not (path and number == path[-1] == self._unknown):
                path.append(number)
            at = before
        return path[::-1]

    def _look_up(self, parts: list[str]) -> tuple[list[bool], list[int], list[float]]:
        keys = np.fromiter((_key(part.encode()) for part in parts), np.uint64, len(parts))
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        known = self._keys[at] == keys
        return known.tolist(), self._numbers[at].tolist(), self._scores[at].tolist()


def _key(piece: bytes) -> int:
    return xxhash.xxh3_64_intdigest(piece)
