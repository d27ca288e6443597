"""The token vectors of a spaCy model, computed forward only: the same numbers, up to rounding, in less than half the time.

What a word is before its neighbours are looked at (hashed embeddings, mixed) depends on the word alone and is remembered. The
convolutions over neighbours are one matrix product a layer, with the pieces of a maxout side by side instead of interleaved.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import NORM, ORTH, SPACY

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from thinc.model import Model

WORD = [ORTH, NORM, SPACY]  # what the embedding sees of a word
MIX = np.array([1, 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)  # odd: makes one number of the three
KEPT = 20_000  # words remembered, 8 megabytes
ROWS = 1024  # tokens read at once: what a layer makes of them stays in the processor's cache
SMALL = 1e-8  # added to variances, as thinc does
Floats = NDArray[np.float32]


def quickened(tok2vec: "Model[Any, Any]") -> "Model[Any, Any]":
    """A model that gives what `tok2vec` gives for a list of Docs, prediction only; of another build, `tok2vec` itself."""
    from thinc.model import Model

    try:
        embed, encode = tok2vec.layers
        vectors = _TokenVectors(embed, encode)
    except (KeyError, ValueError, IndexError):
        return tok2vec

    def forward(_: "Model[Any, Any]", docs: "Sequence[Doc]", is_train: bool) -> tuple[list[Floats], Any]:  # noqa: ARG001
        return vectors(docs), _no_training

    return Model("token_vectors", forward)


def _no_training(_: object) -> None:
    raise NotImplementedError("these vectors are for reading only")


class _Layer:
    """A residual convolution: window of one word to either side, maxout, normalised. Sizes: width w, pieces p."""

    def __init__(self, residual: "Model[Any, Any]") -> None:
        maxout, norm = (_named(residual, name) for name in ("maxout", "layernorm"))
        weights: Floats = maxout.get_param("W")  # w x p x 3w
        self.width, self.pieces = weights.shape[:2]
        if weights.shape[2] != 3 * self.width:
            raise ValueError("a window of another size")
        self.weights = np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(3 * self.width, -1))
        self.bias = maxout.get_param("b").T.reshape(-1)
        self.scale, self.shift = norm.get_param("G"), norm.get_param("b")

    def add_to(self, rows: Floats, window: Floats, pieces: Floats) -> None:
        """Adds the layer's output to `rows` (n x w) in place. `window` (n x 3w) and `pieces` (n x pw) are room to work in."""
        w = self.width
        window[1:, :w], window[:, w : 2 * w], window[:-1, 2 * w :] = rows[:-1], rows, rows[1:]
        window[0, :w] = window[-1, 2 * w :] = 0
        np.dot(window, self.weights, out=pieces)
        pieces += self.bias
        best = pieces[:, :w]
        for piece in range(1, self.pieces):
            np.maximum(best, pieces[:, piece * w : (piece + 1) * w], out=best)
        best -= best.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", best, best) / np.float32(w)
        best *= (1 / np.sqrt(spread + np.float32(SMALL)))[:, None]
        best *= self.scale
        best += self.shift
        rows += best


class _TokenVectors:
    """`embed` and `encode`: the two parts of a tok2vec (MultiHashEmbed, MaxoutWindowEncoder). Raises ValueError, KeyError or
    IndexError where these are built otherwise.
    """

    def __init__(self, embed: "Model[Any, Any]", encode: "Model[Any, Any]") -> None:
        self._signs, *self._mix = embed.layers  # of a word what is hashed; the hashing and mixing
        if self._signs.name != "extract_features":
            raise ValueError("an embedding of another kind")
        self._layers = [_Layer(residual) for residual in encode.layers[0].layers]
        self._pad = encode.attrs["pad"]
        self._places: dict[int, int] = {}
        self._known: Floats = np.zeros((KEPT, self._layers[0].width), dtype=np.float32)

    def __call__(self, docs: "Sequence[Doc]") -> list[Floats]:
        """For each Doc an array tokens x width."""
        words = [(doc.to_array(WORD) * MIX).sum(axis=1, dtype=np.uint64).tolist() for doc in docs]
        self._learn(docs, words)
        out: list[Floats] = []
        for first, last in _batches(list(map(len, words))):
            out += self._read(words[first:last])
        return out

    def _learn(self, docs: "Sequence[Doc]", words: list[list[int]]) -> None:
        """Embeds the words that were not seen yet."""
        places = self._places
        new = _first_seen(words, places)
        if len(places) + len(new) > KEPT:
            places.clear()
            new = _first_seen(words, places)
            self._known = np.zeros((max(KEPT, len(new)), self._known.shape[1]), dtype=np.float32)
        if not new:
            return
        holding = sorted({n for n, _ in new.values()})
        signs = dict(zip(holding, self._signs.predict([docs[n] for n in holding]), strict=True))
        rows: Any = [np.array([signs[n][at] for n, at in new.values()])]
        for layer in self._mix:
            rows = layer.predict(rows)
        first, last = len(places), len(places) + len(new)
        self._known[first:last] = rows[0]
        places.update(zip(new, range(first, last), strict=True))

    def _read(self, words: list[list[int]]) -> list[Floats]:
        """As thinc does, with so many empty rows around each sentence that none sees its neighbours."""
        places, pad = self._places, self._pad
        starts, at = [], pad
        for row in words:
            starts.append(at)
            at += len(row) + pad
        rows = np.zeros((at, self._known.shape[1]), dtype=np.float32)
        for start, row in zip(starts, words, strict=True):
            rows[start : start + len(row)] = self._known[[places[word] for word in row]]
        width, pieces = self._layers[0].width, self._layers[0].pieces
        window, work = (np.empty((at, size), dtype=np.float32) for size in (3 * width, pieces * width))
        for layer in self._layers:
            layer.add_to(rows, window, work)
        return [rows[start : start + len(row)] for start, row in zip(starts, words, strict=True)]


def _first_seen(words: list[list[int]], known: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Of each word that is not known (sentence, position) of a place where it stands."""
    return {word: (n, at) for n, row in enumerate(words) for at, word in enumerate(row) if word not in known}


def _batches(lengths: list[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of runs of sentences with about ROWS tokens together."""
    first = total = 0
    for n, length in enumerate(lengths):
        if total and total + length > ROWS:
            yield first, n
            first, total = n, 0
        total += length
    if first < len(lengths):
        yield first, len(lengths)


def _named(model: "Model[Any, Any]", name: str) -> Any:
    return [layer for layer in model.walk() if layer.name == name][0]
