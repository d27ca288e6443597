"""How well does the gate do on texts that it was not trained on? A seeded fifth of the corpus' later parts is held out; then all
of the streams.

Usage: python tools/train/held_out.py CORPUS SCENARIOS...
Prints for each profile: area under the curve, share of true items kept and of noise passed (rules and verdict together), at several
thresholds.
"""

import argparse
import zlib
from pathlib import Path

import numpy as np
from gate_model import VIEWS
from texts import Example, examples
from verdict_model import Table, read, report, scored

PART = 5  # one in so many is held out


def main() -> None:
    """Trains and prints, twice for each profile."""
    options = _options()
    table = read(examples(options.corpus, options.scenarios))
    held = [i for i, e in enumerate(table.examples) if held_out(e)]
    stream = [i for i, e in enumerate(table.examples) if e.origin == "stream"]
    for profile in VIEWS:
        _report(f"{profile}, a fifth of the corpus held out", table, profile, held)
        _report(f"{profile}, the stream, trained on the corpus alone", table, profile, stream)


def held_out(example: Example) -> bool:
    """Whether a text is never trained on: by a hash of its id, so that added texts move no others."""
    later = example.origin not in ("en", "stream")
    return later and zlib.crc32(f"held {example.id}".encode()) % PART == 0


def _report(name: str, table: Table, profile: str, tested: list[int]) -> None:
    left_out = set(tested)
    scores = np.zeros(len(table.examples))
    scores[tested] = scored(table, profile, [i for i in range(len(scores)) if i not in left_out], tested)
    report(name, table, tested, scores)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scenarios", type=Path, nargs="*")
    return parser.parse_args()


if __name__ == "__main__":
    main()
