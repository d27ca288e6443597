"""Fuzzing: `python -m tests.fuzz.run TARGET [--seconds 600]` changes good input and watches what the parser does.

What it finds is written to --into (default /tmp/tocsin-fuzz) with the input that did it, one file a kind of failure.
The run goes on, and ends with status 1 where it found something.
"""

import argparse
import hashlib
import random
import sys
import time
import traceback
from pathlib import Path

from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import TARGETS, Target

SLOW = 5.0  # seconds for one input of at most MAX bytes: a finding, too
MAX = 20_000  # bytes of one input


class Findings:
    """Kinds of failures, each with the first input that led to it."""

    def __init__(self, target: str, folder: Path) -> None:
        self.target, self.folder, self.kinds = target, folder, set[str]()

    def add(self, kind: str, words: str, data: bytes) -> None:
        name = f"{self.target}-{hashlib.sha256(kind.encode()).hexdigest()[:10]}"
        if name not in self.kinds:
            self.kinds.add(name)
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / f"{name}.input").write_bytes(data)
            (self.folder / f"{name}.txt").write_text(f"{kind}{words}\n", errors="replace")
            print(f"found: {words.encode('ascii', 'replace').decode()} -> {self.folder / name}.input", flush=True)


def attempt(target: Target, data: bytes, findings: Findings) -> None:
    """Runs one input; whatever is raised is a finding."""
    began = time.perf_counter()
    try:
        target(data)
    except (Exception, RecursionError) as error:
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        findings.add("".join(traceback.format_list(frames)), f"{type(error).__name__}: {str(error)[:200]}", data)
    if time.perf_counter() - began > SLOW:
        findings.add("slow", f"took longer than {SLOW} s", data)


def run(name: str, seconds: float, seed: int, folder: Path) -> int:
    """Mutates the seeds for so long; returns the number of kinds of failures."""
    target, pool, rng = TARGETS[name], list(seeds()[name]), random.Random(seed)
    findings = Findings(name, folder)
    ends, executions = time.monotonic() + seconds, 0
    for data in pool:
        attempt(target, data, findings)
    while time.monotonic() < ends:
        data = mutated(rng, pool)[:MAX]
        attempt(target, data, findings)
        executions += 1
        if rng.random() < 0.01 and len(pool) < 500:
            pool.append(data)  # mutations of mutations reach further
    print(f"{name}: {executions} executions in {seconds:.0f} s, {len(findings.kinds)} kinds of failures", flush=True)
    return len(findings.kinds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=[*TARGETS, "all"])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--into", type=Path, default=Path("/tmp/tocsin-fuzz"))
    options = parser.parse_args()
    names = list(TARGETS) if options.target == "all" else [options.target]
    sys.exit(1 if sum(run(name, options.seconds, options.seed, options.into) for name in names) else 0)


if __name__ == "__main__":
    main()
