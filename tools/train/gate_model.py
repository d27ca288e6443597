"""Trains the model of processors/extract/document_kind.py on the project's own labelled texts, or cross-validates it.

Usage: python tools/train/gate_model.py CORPUS SCENARIOS... [--cv OUT.json | --write]
CORPUS: a folder of en*.jsonl, items with `kind`; SCENARIOS: folders with items.jsonl and gold.json. Kinds of noise are classes of
their own: that separates news of an incident better than a yes/no model. `--cv` writes the probabilities of
items that their fold's model has not seen; all items of an incident are in one fold.
"""

import argparse
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from processors.extract.document_kind import SIZE, WEIGHTS, hashed
from processors.model import Document, Item
from processors.normalize import document

FOLDS = 5
STRENGTH = 50.0  # inverse regularisation
TARGET = Path(__file__).parents[2] / "processors" / "lexicon" / "en" / WEIGHTS
KINDS = {
    "actual": ("actual",),
    "figurative": ("metaphor", "sports", "film", "game", "business", "politics", "advert", "science", "unrelated"),
    "exercise": ("drill",),
    "denied": ("denied", "correction_only", "denied_nonevent"),
    "historical": ("historical", "obituary", "court", "statistics", "unrelated_crime_paperwork"),
    "planned": ("threat_or_plan", "weather"),
    "hypothetical": ("hypothetical", "opinion", "explainer"),
    "sirens": ("sirens_only", "sirens"),
    "munition": ("defused_or_old_munition",),
}
KIND_OF = {label: kind for kind, labels in KINDS.items() for label in labels}


@dataclass(frozen=True)
class Example:
    """A labelled text. `groups`: what must not be both trained and tested on (incidents, or the item itself)."""

    id: str
    document: Document
    kind: str
    groups: frozenset[str]


def main() -> None:
    """Cross-validates or trains."""
    options = _options()
    examples = [*corpus(options.corpus), *(e for folder in options.scenarios for e in scenario(folder))]
    if options.cv:
        options.cv.write_text(json.dumps(cross_validated(examples)))
    if options.write:
        write(fitted(examples))


def corpus(folder: Path) -> Iterator[Example]:
    """Items of the labelled corpus, all its English parts."""
    for row in (row for path in sorted(folder.glob("en*.jsonl")) for row in _rows(path)):
        yield Example(row["id"], _document(row, row["id"]), KIND_OF[row["kind"]], frozenset({row["id"]}))


def scenario(folder: Path) -> Iterator[Example]:
    """Item revisions of a scenario stream; those that deny the occurrence are of kind `denied`."""
    gold = json.loads((folder / "gold.json").read_text("utf8"))
    incidents: dict[str, set[str]] = {}
    denying: set[str] = set()
    for incident in gold["incidents"]:
        for item in incident["items"]:
            incidents.setdefault(item, set()).add(incident["id"])
        denying |= {c["item"] for c in incident["claims"] if c["slot"] == "occurrence" and c["stance"] == "denies"}
    noise = {n["item"]: KIND_OF[n["why"]] for n in gold["noise"]}
    for row in _rows(folder / "items.jsonl"):
        ref = f"{row['source_id']}/{row['external_id']}@{row['revision']}"
        if row["kind"] != "deleted" and (ref in incidents or ref in noise):
            told = "denied" if ref in denying else "actual"
            yield Example(ref, _document(row, ref), noise.get(ref, told), frozenset(incidents.get(ref, {ref})))


def matrix(examples: list[Example]) -> csr_matrix:
    """Examples × hashed places."""
    pairs = [hashed(e.document) for e in examples]
    bounds = np.cumsum([0, *(len(places) for places, _ in pairs)])
    places = np.concatenate([p for p, _ in pairs])
    return csr_matrix((np.concatenate([v for _, v in pairs]), places, bounds), shape=(len(examples), SIZE))


def fitted(examples: list[Example]) -> LogisticRegression:
    """The model over all examples."""
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=200, tol=1e-3)
    return model.fit(matrix(examples), [e.kind for e in examples])


def cross_validated(examples: list[Example]) -> dict[str, dict[str, float]]:
    """Probability of each kind for each item, by a model that saw none of its groups."""
    folds = [{zlib.crc32(g.encode()) % FOLDS for g in e.groups} for e in examples]
    found: dict[str, dict[str, float]] = {}
    for k in range(FOLDS):
        model = fitted([e for e, f in zip(examples, folds, strict=True) if k not in f])
        tested = [e for e, f in zip(examples, folds, strict=True) if min(f) == k]
        for example, row in zip(tested, model.predict_proba(matrix(tested)), strict=True):
            found[example.id] = {"kind": example.kind} | dict(zip(model.classes_, map(float, row), strict=True))
    return found


def write(model: LogisticRegression) -> None:
    """Weights, bias and the names of the kinds: numbers only, no words."""
    weights = model.coef_.T.astype(np.float16)
    np.savez_compressed(TARGET, weights=weights, bias=model.intercept_.astype(np.float32), kinds=model.classes_)


def _document(row: dict[str, Any], name: str) -> Document:
    published = datetime.fromisoformat(row["published_at"].replace("Z", "+00:00"))
    return document(
        Item(
            source_id="train", external_id=name, kind="new", published_at=published,
            body=row["body"], title=row["title"], lang="en",
        )
    )  # fmt: skip


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf8").split("\n"):
        if line:
            yield json.loads(line)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scenarios", type=Path, nargs="*")
    parser.add_argument("--cv", type=Path)
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
