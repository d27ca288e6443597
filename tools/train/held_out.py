"""How well does the gate do on texts that it was not trained on? A seeded fifth of the corpus' newer parts is held out.

Usage: python tools/train/held_out.py CORPUS SCENARIOS...
Prints, for weights trained without the newer parts and for weights trained with the rest of them: area under the curve,
share of true items kept and of noise passed (rules and verdict together), at several thresholds.
"""

import argparse
import zlib
from pathlib import Path

import numpy as np
from gate_model import Example, corpus, cross_validated, fitted, matrix, scenario
from sklearn.metrics import roc_auc_score
from verdict_model import THRESHOLDS, regression, row_of

NEWER = ("entrue-", "ennoise-")
PART = 5  # one in so many is held out

Seen = dict[str, dict[str, float]]


def main() -> None:
    """Trains twice and prints both on the same texts."""
    options = _options()
    examples = [*corpus(options.corpus), *(e for folder in options.scenarios for e in scenario(folder))]
    tested = [e for e in examples if held_out(e)]
    trained = [e for e in examples if not held_out(e)]
    report("without the newer parts", [e for e in trained if not e.id.startswith(NEWER)], tested)
    report("with the rest of them", trained, tested)


def held_out(example: Example) -> bool:
    """Whether a text is never trained on: by a hash of its id, so that added texts move no others."""
    return example.id.startswith(NEWER) and zlib.crc32(f"held {example.id}".encode()) % PART == 0


def report(name: str, trained: list[Example], tested: list[Example]) -> None:
    """Trains both models on `trained` and prints their figures on `tested`."""
    rows, _ = _table(trained, cross_validated(trained))
    table, ruled = _table(tested, _kinds(trained, tested))
    scores = regression(rows, trained, range(len(trained))).predict_proba(table)[:, 1]
    truth = np.array([e.kind == "actual" for e in tested])
    print(f"{name}: {truth.sum()} true, {(~truth).sum()} noise; AUC {roc_auc_score(truth, scores):.3f}; ", end="")
    print(f"rules alone: kept {ruled[truth].mean():.3f}, noise {ruled[~truth].mean():.3f}")
    for threshold in THRESHOLDS:
        passed = ruled & (scores >= threshold)
        print(f"  at {threshold}: kept {passed[truth].mean():.3f}, noise {passed[~truth].mean():.3f}")


def _kinds(trained: list[Example], tested: list[Example]) -> Seen:
    model = fitted(trained)
    probabilities = model.predict_proba(matrix(tested))
    return {
        e.id: dict(zip(model.classes_, map(float, p), strict=True)) for e, p in zip(tested, probabilities, strict=True)
    }


def _table(examples: list[Example], seen: Seen) -> tuple[np.ndarray, np.ndarray]:
    """Figures (examples × figures), and whether rules alone find an incident in each."""
    rows = [row_of(e, seen[e.id]) for e in examples]
    names = sorted(rows[0][0])
    return np.array([[row[name] for name in names] for row, _ in rows], dtype=float), np.array([r for _, r in rows])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scenarios", type=Path, nargs="*")
    return parser.parse_args()


if __name__ == "__main__":
    main()
