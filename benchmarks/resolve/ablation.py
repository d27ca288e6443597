"""What each kind of evidence brings: link_f1 without it, on the stream as it is read and on gold slots, sparse and crowded.

usage: python -m benchmarks.resolve.ablation SCENARIO_DIR [--level real] [--seeds 2] [--held-out OTHER_DIR]
One kind is left out at a time, all else as shipped; nothing is fitted anew. With `--held-out` instead: the weights as shipped,
fitted on this stream, and fitted on the other one alone, which shows how far fitting flatters.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import mean

from benchmarks.resolve.churn import read
from benchmarks.resolve.gold import LEVELS, Stream, folded, load, tellings
from benchmarks.resolve.quality import figures, run
from processors.model import ItemMentions
from processors.resolve import pairs
from processors.resolve.pairs import Similarity, evidence
from processors.resolve.resolve import Policy
from processors.resolve.signs import Signs
from tools.train_pairs import fit

KINDS: dict[str, tuple[str, ...]] = {
    "place": ("towns_", "area_", "other_country", "nowhere"),
    "names of places": ("named_", "namesake", "misplaced"),
    "day": ("day_",),
    "hour of the day": ("hour_",),
    "type": ("type_",),
    "toll": ("killed_", "injured_"),
    "perpetrator": ("perpetrator_",),
    "weapon": ("weapon_",),
    "near-copy": ("copy",),
    "wording": ("wording", "unlike"),
    "telling words": ("rare_words", "numbers"),
    "source and links": ("forward", "same_source", "goes_on", "reply"),
    "time between reports": ("told_apart",),
}
FOLDS = ((40, 6), (15, 5))
FITTED_SEEDS = (11, 12)


def without(prefixes: Sequence[str]) -> Similarity:
    """A weight for pairs that takes the evidence of some kinds out again."""

    @cache
    def taken_out(a: Signs, b: Signs) -> float:
        return -sum(e.weight for e in evidence(a, b) if e.kind.startswith(tuple(prefixes)))

    return taken_out


def row(streams: Iterable[tuple[Stream, Callable[[int], Iterable[ItemMentions]]]], policy: Policy, seeds: int) -> str:
    """link_f1 on each stream, mean over seeds."""
    cells = []
    for stream, told in streams:
        found = [figures(run(told(seed), policy)[0], stream)["link_f1"] for seed in range(1, seeds + 1)]
        cells.append(f"{mean(found):.3f}")
    return " | ".join(cells)


def damaged(given: Stream, level: str) -> list[tuple[Stream, Callable[[int], Iterable[ItemMentions]]]]:
    """The stream with gold slots damaged, as it comes and pressed into few towns and days."""

    def teller(stream: Stream) -> Callable[[int], Iterable[ItemMentions]]:
        return lambda seed: tellings(stream, LEVELS[level], seed)

    return [(s, teller(s)) for s in (given, *(folded(given, *fold) for fold in FOLDS))]


@contextmanager
def weighted(table: dict[str, float]) -> Iterator[None]:
    """Scores by other weights than those shipped; what the table lacks weighs nothing."""
    shipped = dict(pairs.weights())
    pairs.weights().update(dict.fromkeys(shipped, 0.0) | table)
    pairs.forget_scores()
    try:
        yield
    finally:
        pairs.weights().update(shipped)
        pairs.forget_scores()


def ablate(folder: Path, level: str, seeds: int) -> None:
    given = load(folder)
    seen = read(folder)
    streams = [(given, lambda _: seen), *damaged(given, level)]
    print(f"| left out | {folder.name} as read | {level} | {' | '.join(f'{t} × {d}' for t, d in FOLDS)} |")
    print("| --- " * (len(FOLDS) + 3) + "|")
    print(f"| nothing | {row(streams, Policy(), seeds)} |", flush=True)
    for kind, prefixes in KINDS.items():
        print(f"| {kind} | {row(streams, Policy(similarity=without(prefixes)), seeds)} |", flush=True)


def held_out(folder: Path, other: Path, level: str, seeds: int) -> None:
    given = load(folder)
    print(f"| weights | {level} | {' | '.join(f'{t} × {d}' for t, d in FOLDS)} |")
    print("| --- " * (len(FOLDS) + 2) + "|")
    print(f"| as shipped | {row(damaged(given, level), Policy(), seeds)} |", flush=True)
    for name, source in ((folder.name, folder), (other.name, other)):
        with weighted(fit([source], FITTED_SEEDS)):
            print(f"| fitted on {name} alone | {row(damaged(given, level), Policy(), seeds)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--level", choices=LEVELS, default="real")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--held-out", type=Path, metavar="OTHER_DIR")
    args = parser.parse_args()
    if args.held_out:
        held_out(args.folder, args.held_out, args.level, args.seeds)
    else:
        ablate(args.folder, args.level, args.seeds)


if __name__ == "__main__":
    main()
