"""Prints every figure that the scorers beside the gold sets define, for the project as it stands. `make quality` calls
it.

usage: python -m tests.quality [--shared FOLDER] [--only SET …] [--limit N] [--markdown]

The gold sets are not part of this repository (others' texts); without that folder it says so and ends. Figures are what
the
commands print, good or bad; docs/quality.md keeps them.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SETS = ("gvdb", "muc4", "satp", "timex", "lgl", "geovirus", "re3d", "wikievents", "ecbplus", "news_pairs")
STREAMS = ("en", "en2", "en3", "en4", "en5", "multi")  # the project's own: benchmarks/incidents
INCIDENTS = Path(__file__).resolve().parents[2] / "benchmarks" / "incidents"
Row = tuple[str, str, float, int | None]


def gold_set(score: Path, name: str, limit: int) -> Iterator[Row]:
    """The figures of one set, as `score.py` gives them."""
    command = [sys.executable, "score.py", name, "--json", *(["--limit", str(limit)] if limit else [])]
    done = subprocess.run(command, cwd=score, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    for figure, value in found["figures"].items():
        yield name, figure, value, found["n"][figure]


def stream(score: Path, folder: Path) -> Iterator[Row]:
    """The figures of one scenario stream, replayed whole."""
    with tempfile.TemporaryDirectory() as scratch:
        incidents = Path(scratch, "incidents.jsonl")
        subprocess.run(["tocsin", "replay", str(folder / "items.jsonl"), "--incidents", str(incidents)], check=True)
        command = [sys.executable, "score_scenarios.py", str(folder), str(incidents), "--json"]
        done = subprocess.run(command, cwd=score, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    for figure, value in found["scores"].items():
        yield f"scenarios/{folder.name}", figure, value, found["counts"].get(figure)


def seed_story(score: Path) -> Iterator[Row]:
    """The share of checks on the seed story that hold."""
    done = subprocess.run([sys.executable, "seed_story.py"], cwd=score, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    yield "seed_story", "checks", float(lines[-1]), len(lines) - 1


def rows(shared: Path, only: list[str], limit: int) -> Iterator[Row]:
    """All figures, or those of the sets named in `only`."""
    score = shared / "score"
    for name in SETS:
        if not only or name in only:
            yield from gold_set(score, name, limit)
    for name in STREAMS:
        if not only or f"scenarios/{name}" in only:
            yield from stream(score, INCIDENTS / name)
    if not only or "seed_story" in only:
        yield from seed_story(score)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[3] / "shared")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--limit", type=int, default=0, help="the same N records of each set every time")
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    if not (options.shared / "score").is_dir():
        print(f"no gold sets at {options.shared}: nothing measured", file=sys.stderr)
        return 0
    if options.markdown:
        print("| set | figure | value | n |\n| --- | --- | --- | --- |")
    for name, figure, value, count in rows(options.shared.resolve(), options.only, options.limit):
        n = "" if count is None else str(count)
        plain = f"{name:14} {figure:28} {value:7.3f}  {n}"
        line = f"| {name} | {figure} | {value:.3f} | {n} |" if options.markdown else plain
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
