"""What kind of text is this as a whole: news of an incident, or which kind of noise?

Two multinomial logistic regressions, trained by tools/train/gate_model.py on the project's own texts: one over hashed words, word
beginnings and word pairs (a fraction of a millisecond), one over the vector of meaning that an encoder gives. The weights are
numbers only.
"""

import io
import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import xxhash
from numpy.typing import NDArray

from processors.extract.triggers import lower
from processors.lexicon.load import binary
from processors.model import Document

SIZE = 1 << 14  # places of the hashed part of a feature vector
WORDS, MEANING = "document_kind.npz", "meaning_kind.npz"  # files of weights
READ = 2500  # characters of a document that are looked at
LEAD = 300  # characters at its beginning that are hashed a second time on their own
STEM = 5  # letters of a longer word that are hashed too: "bombed", "bombing"
WORD = re.compile(r"[^\W\d_]+|\d+|[!?🔴🚨⚠‼📢%$€\"“]")
LEAST = 1e-4  # probability below which none is told from another
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Kind:
    """The most likely kind and the probability of each; `actual` is news of an incident."""

    best: str
    probability: dict[str, float]


class _Model:
    """Weights (places × kinds), bias, names of the kinds."""

    def __init__(self, raw: bytes) -> None:
        with np.load(io.BytesIO(raw), allow_pickle=False) as archive:
            self.weights = archive["weights"].astype(np.float32)
            self.bias = archive["bias"].astype(np.float32)
            self.kinds = tuple(str(k) for k in archive["kinds"])

    def kind(self, scores: Vector) -> Kind:
        odds = np.exp(scores - scores.max())
        shares = odds / odds.sum()
        probability = {kind: float(p) for kind, p in zip(self.kinds, shares, strict=True)}
        return Kind(max(probability, key=lambda k: probability[k]), probability)


def kind_of(document: Document) -> Kind:
    """The document's kind by its words. Raises ResourceError where the weights are missing."""
    return _kind_of(document.text[:READ])


@lru_cache(maxsize=256)  # the gate asks and the verdict asks again; several texts are read at once
def _kind_of(text: str) -> Kind:
    model = _model(WORDS)
    places, values = hashed(text)
    return model.kind(values @ model.weights[places] + model.bias)


def kind_of_meaning(vector: Vector) -> Kind:
    """The kind of a document whose beginning an encoder gave this vector. Raises ResourceError: weights missing."""
    model = _model(MEANING)
    return model.kind(vector @ model.weights + model.bias)


def log_odds(kind: Kind) -> dict[str, float]:
    """How likely each kind of noise is against news, and news against all else, as natural logarithms."""
    actual = min(max(kind.probability["actual"], LEAST), 1 - LEAST)
    noise = {name: math.log(max(p, LEAST) / actual) for name, p in kind.probability.items() if name != "actual"}
    return {"actual": math.log(actual / (1 - actual)), **noise}


def hashed(text: str) -> tuple[NDArray[np.int64], Vector]:
    """Places and values of the text's words, stems and word pairs, unit length; words of the lead count a second time."""
    counts = Counter(_terms(text[:READ], ""))
    counts.update(_terms(text[:LEAD], "^"))
    if not counts:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    places = np.array([xxhash.xxh3_64_intdigest(term.encode()) % SIZE for term in counts], dtype=np.int64)
    values = np.log1p(np.array(list(counts.values()), dtype=np.float32))
    return places, values / np.linalg.norm(values)


def _terms(text: str, mark: str) -> list[str]:
    words = ["#" if w.isdigit() else w for w in WORD.findall(lower(text))]
    stems = [f"{mark}~{w[:STEM]}" for w in words if len(w) > STEM]
    return [mark + w for w in words] + stems + [f"{mark}{a} {b}" for a, b in zip(words, words[1:], strict=False)]


@cache
def _model(name: str) -> _Model:
    return _Model(binary(name))
