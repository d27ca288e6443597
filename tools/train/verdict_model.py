"""Trains the regression of processors/extract/verdict.py on the project's own labelled texts and writes verdict.toml.

Usage: python tools/train/verdict_model.py CV.json CORPUS SCENARIOS... [--write]
CV.json: from `gate_model.py --cv`, kinds given by a model that had not seen the text. Prints, cross-validated, the
share of true items kept and of noise passed, by rules alone and with the regression at several thresholds.
"""

import argparse
import json
import re
import zlib
from pathlib import Path

import numpy as np
from gate_model import FOLDS, Example, corpus, scenario
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from processors.extract.analysis import Analysis
from processors.extract.document_kind import Kind
from processors.extract.events import FOUNDING, find_triggers
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.extract.trigger_modality import judge_alone
from processors.extract.verdict import figures
from processors.model import Modality

TARGET = Path(__file__).parents[2] / "processors" / "lexicon" / "en" / "verdict.toml"
STRENGTH = 0.1  # inverse regularisation
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


def main() -> None:
    """Cross-validates, prints, and writes the model over all texts if asked to."""
    options = _options()
    seen = json.loads(options.cv.read_text())
    examples = [*corpus(options.corpus), *(e for folder in options.scenarios for e in scenario(folder))]
    rows = [row_of(example, seen[example.id]) for example in examples]
    names = list(rows[0][0])
    table = np.array([[row[name] for name in names] for row, _ in rows], dtype=float)
    ruled = np.array([actual for _, actual in rows])
    report(examples, table, ruled)
    if options.write:
        write(names, regression(table, examples, range(len(examples))))


def report(examples: list[Example], table: np.ndarray, ruled: np.ndarray) -> None:
    """Prints figures by origin of the texts."""
    truth = np.array([e.kind == "actual" for e in examples])
    folds = [{zlib.crc32(g.encode()) % FOLDS for g in e.groups} for e in examples]
    scores = np.zeros(len(examples))
    for k in range(FOLDS):
        model = regression(table, examples, [i for i, f in enumerate(folds) if k not in f])
        tested = [i for i, f in enumerate(folds) if min(f) == k]
        scores[tested] = model.predict_proba(table[tested])[:, 1]
    for origin in ("corpus", "stream"):
        part = np.array([("/" in e.id) == (origin == "stream") for e in examples])
        yes, no = part & truth, part & ~truth
        print(f"{origin}: AUC {roc_auc_score(truth[part], scores[part]):.3f}; ", end="")
        print(f"rules alone: kept {ruled[yes].mean():.3f}, noise {ruled[no].mean():.3f}")
        for threshold in THRESHOLDS:
            passed = ruled & (scores >= threshold)
            print(f"  at {threshold}: kept {passed[yes].mean():.3f}, noise {passed[no].mean():.3f}")


def write(names: list[str], model: Pipeline) -> None:
    """Replaces the figures in verdict.toml; the word lists stay."""
    scaler, fitted = model[0], model[1]
    head = TARGET.read_text("utf8").split("[mean]\n")[0]
    head = re.sub(r"^bias = .*$", f"bias = {fitted.intercept_[0]:.4f}", head, flags=re.M)
    tables = (("mean", scaler.mean_), ("spread", scaler.scale_), ("weight", fitted.coef_[0]))
    lines = [
        "\n".join([f"[{title}]", *(f"{n} = {v:.4f}" for n, v in zip(names, values, strict=True))])
        for title, values in tables
    ]
    TARGET.write_text(head + "\n\n".join(lines) + "\n", "utf8")


def row_of(example: Example, seen: dict[str, float]) -> tuple[dict[str, float], bool]:
    """Figures of a text, and whether rules alone find an incident in it."""
    analysis = Analysis(example.document, split(example.document), parse)
    judged = [(t, judge_alone(analysis, t)) for t in find_triggers(analysis)]
    kind = Kind("", {name: p for name, p in seen.items() if name != "kind"})
    found = any(j.modality is Modality.ACTUAL and t.strength >= FOUNDING for t, j in judged)
    return figures(analysis, judged, kind), found


def regression(table: np.ndarray, examples: list[Example], chosen: "list[int] | range") -> Pipeline:
    """The regression over the chosen rows of `table` (examples × figures)."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=1000))
    return model.fit(table[list(chosen)], [examples[i].kind == "actual" for i in chosen])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cv", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scenarios", type=Path, nargs="*")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
