"""Fits the weights of pair evidence: logistic regression on pairs of mentions made from scenario gold.

usage: python -m tools.train_pairs SCENARIO_DIR... [--out processors/lexicon/pair_weights.toml]
Pairs come from the streams as they are and pressed into few towns and days, at several levels of damage. In the pressed ones half
the pairs lose their wording: the texts keep the old place names there, which would give the answer away.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.resolve.gold import LEVELS, folded, load, tellings
from processors.resolve.intake import entries_of
from processors.resolve.pairs import traits, weights
from processors.resolve.state import Entry

TEXTUAL = frozenset({"copy", "wording", "rare_words", "numbers", "unlike"})
CROWDS = ((0, 0), (40, 6), (15, 5))
KEPT = 0.05  # of the pairs that are far from each other
NEAR = 60.0  # km


def samples(folder: Path, seeds: tuple[int, ...]) -> Iterator[tuple[dict[str, float], bool, float]]:
    """(traits, one incident?, weight) of pairs."""
    rng = Random(1)
    given = load(folder)
    for towns, days in CROWDS:
        stream = folded(given, towns, days) if towns else given
        for level in LEVELS.values():
            for seed in seeds:
                entries = [e for t in tellings(stream, level, seed) for e in entries_of(t, stands=True)]
                yield from pairs(entries, rng, blind=bool(towns))


def pairs(entries: list[Entry], rng: Random, blind: bool) -> Iterator[tuple[dict[str, float], bool, float]]:
    for i, a in enumerate(entries):
        for b in entries[:i]:
            if a.item_key == b.item_key or not (a.mention.rules and b.mention.rules):
                continue
            same = a.mention.rules == b.mention.rules
            if not same and rng.random() > (keep := 0.3 if close(a, b) else KEPT):
                continue
            found = {t.name: t.value for t in traits(a.signs, b.signs)}
            if blind and rng.random() < 0.5:
                found = {k: v for k, v in found.items() if k not in TEXTUAL}
            yield found, same, 1.0 if same else 1 / keep


def close(a: Entry, b: Entry) -> bool:
    """Near each other in space and time: the pairs that are hard to tell apart."""
    names = {t.name for t in traits(a.signs, b.signs)}
    return bool(names & {"towns_15_km", "towns_40_km"}) and bool(names & {"day_same", "day_1_off", "day_fits"})


def fit(folders: list[Path], seeds: tuple[int, ...]) -> dict[str, float]:
    """Weight of every trait; `base` is the intercept."""
    rows = [s for f in folders for s in samples(f, seeds)]
    names = [n for n in weights() if n != "base"]
    x = np.array([[r[0].get(n, 0.0) for n in names] for r in rows], dtype=np.float32)
    y, w = np.array([r[1] for r in rows]), np.array([r[2] for r in rows])
    w[y] *= POSITIVE
    model = LogisticRegression(C=0.5, max_iter=2000).fit(x, y, sample_weight=w)
    return {"base": float(model.intercept_[0])} | dict(zip(names, map(float, model.coef_[0]), strict=True))


POSITIVE = 1.0  # a missed pair against a false one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12])
    args = parser.parse_args()
    lines = [f"{name} = {weight:.2f}" for name, weight in fit(args.folders, tuple(args.seeds)).items()]
    print("\n".join(lines))
    if args.out:
        head = "# Log-odds that two mentions tell one incident, by trait of the pair: fitted by tools/train_pairs.py.\n"
        args.out.write_text(head + "\n".join(lines) + "\n", "utf8")


if __name__ == "__main__":
    main()
