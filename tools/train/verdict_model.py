"""Trains the gate on the project's own labelled texts: the kinds of processors/extract/document_kind.py and the regressions of
processors/extract/verdict.py, with and without an encoder. Or measures it.

Usage: python tools/train/verdict_model.py CORPUS SCENARIOS... [--write]
Prints, cross-validated by incident, the share of true items kept and of noise passed, by rules alone and with each profile's
verdict at several thresholds. The inner models, whose word the regression hears, have not seen the text either.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gate_model
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from texts import FOLDS, Example, examples

from processors.extract.analysis import Analysis
from processors.extract.document_kind import Kind
from processors.extract.events import FOUNDING, find_triggers
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.extract.trigger_modality import judge_alone
from processors.extract.verdict import figures, kind_figures
from processors.model import Modality

STRENGTH = 0.1  # inverse regularisation
PARTS = ("corpus", "stream")
THRESHOLDS = (0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6)


@dataclass(frozen=True)
class Table:
    """All that models see of the examples. `figures`: by name, without kinds; `ruled`: rules alone find an incident."""

    examples: list[Example]
    views: dict[str, Any]
    figures: list[dict[str, float]]
    ruled: np.ndarray

    def rows(self, profile: str, chosen: Iterable[int], known: dict[str, dict[int, Kind]]) -> np.ndarray:
        """What the regression of a profile sees of the chosen examples. `known`: their kinds by view."""
        return np.array([list(self.row(i, profile, known).values()) for i in chosen], dtype=float)

    def row(self, i: int, profile: str, known: dict[str, dict[int, Kind]]) -> dict[str, float]:
        """The same of one example, by name."""
        return self.figures[i] | kind_figures({view: known[view][i] for view in gate_model.VIEWS[profile]})


def main() -> None:
    """Cross-validates, prints, and writes the models over all texts if asked to."""
    options = _options()
    table = read(examples(options.corpus, options.scenarios))
    everything = list(range(len(table.examples)))
    for profile in gate_model.VIEWS:
        scores = np.zeros(len(everything))
        for fold in range(FOLDS):
            folds = [e.folds() for e in table.examples]
            tested = [i for i in everything if min(folds[i]) == fold]
            scores[tested] = scored(table, profile, [i for i in everything if fold not in folds[i]], tested)
        parts = {name: [i for i in everything if _of_stream(table, i) == (name == "stream")] for name in PARTS}
        for name, part in parts.items():
            if part:
                report(f"{profile}, {name}", table, part, scores)
    if options.write:
        gate_model.write(table.views, table.examples)
        for profile in gate_model.VIEWS:
            _write(table, profile)


def read(given: list[Example]) -> Table:
    """Parses, judges and encodes the texts."""
    found, ruled = [], []
    for example in given:
        analysis = Analysis(example.document, split(example.document), parse)
        judged = [(t, judge_alone(analysis, t)) for t in find_triggers(analysis)]
        found.append(figures(analysis, judged))
        ruled.append(any(j.modality is Modality.ACTUAL and t.strength >= FOUNDING for t, j in judged))
    return Table(given, gate_model.views(given), found, np.array(ruled))


def scored(table: Table, profile: str, trained: list[int], tested: list[int]) -> np.ndarray:
    """The verdict's probability for the tested examples, all models trained on the others."""
    model, _ = regression(table, profile, trained)
    known: dict[str, dict[int, Kind]] = {}
    for view in gate_model.VIEWS[profile]:
        rows = table.views[view]
        of_view = gate_model.fitted(view, rows, table.examples, trained)
        known[view] = dict(zip(tested, gate_model.kinds(of_view, rows[tested]), strict=True))
    return model.predict_proba(table.rows(profile, tested, known))[:, 1]


def regression(table: Table, profile: str, trained: list[int]) -> tuple[Pipeline, list[str]]:
    """The verdict's regression and the names of its figures."""
    views = gate_model.VIEWS[profile]
    known = {view: gate_model.unseen(view, table.views[view], table.examples, trained) for view in views}
    model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=1000))
    truth = [table.examples[i].kind == "actual" for i in trained]
    return model.fit(table.rows(profile, trained, known), truth), list(table.row(trained[0], profile, known))


def report(name: str, table: Table, part: list[int], scores: np.ndarray) -> None:
    """Prints the figures of some examples. Denials of incidents that others tell count neither as true nor as noise."""
    yes = np.array([i for i in part if table.examples[i].kind == "actual"])
    no = np.array([i for i in part if table.examples[i].noise])
    area = roc_auc_score([1] * len(yes) + [0] * len(no), [*scores[yes], *scores[no]])
    print(f"{name}: {len(yes)} true, {len(no)} noise; AUC {area:.3f}; ", end="")
    print(f"rules alone: kept {table.ruled[yes].mean():.3f}, noise {table.ruled[no].mean():.3f}")
    for threshold in THRESHOLDS:
        passed = table.ruled & (scores >= threshold)
        alone = f"(verdict alone {(scores[yes] >= threshold).mean():.3f}, {(scores[no] >= threshold).mean():.3f})"
        print(f"  at {threshold}: kept {passed[yes].mean():.3f}, noise {passed[no].mean():.3f} {alone}")


def _of_stream(table: Table, i: int) -> bool:
    return table.examples[i].origin == "stream"


def _write(table: Table, profile: str) -> None:
    """verdict_PROFILE.toml; word lists and thresholds are in verdict.toml, by hand."""
    model, names = regression(table, profile, list(range(len(table.examples))))
    scaler, fitted = model[0], model[1]
    lines = ["# Written by tools/train/verdict_model.py.", f"bias = {fitted.intercept_[0]:.4f}"]
    for title, values in (("mean", scaler.mean_), ("spread", scaler.scale_), ("weight", fitted.coef_[0])):
        lines += ["", f"[{title}]", *(f"{n} = {v:.4f}" for n, v in zip(names, values, strict=True))]
    (gate_model.LEXICON / f"verdict_{profile}.toml").write_text("\n".join(lines) + "\n", "utf8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scenarios", type=Path, nargs="*")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
