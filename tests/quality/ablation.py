"""What each component of extraction brings: the figures that it moves, with and without it.

usage: python -m tests.quality.ablation [--shared FOLDER] [--limit N] [--only COMPONENT …]

Prints one Markdown table. For the development sets beside the project; without them it says so and ends.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STREAM = ROOT / "benchmarks" / "incidents"
MOVES = {  # set and figures by component: those that it is there for
    "verdict": (("stream", "noise_rate", "found", "link_f1"), ("satp", "false_alarm_calm", "gate_attack_f1")),
    "modality": (("stream", "noise_rate", "denials", "link_f1"), ("muc4", "gtt_f1"), ("satp", "gate_attack_f1")),
    "method": (("stream", "type", "link_f1"), ("wikievents", "roles_f1"), ("muc4", "incident_type_f1")),
    "coreference": (("stream", "link_f1", "clean"), ("muc4", "gtt_f1"), ("gvdb", "killed", "injured")),
    "recognition": (("lgl", "found_f1", "acc161_literal"), ("stream", "place")),
    "ranking": (("lgl", "acc161_of_found"), ("geovirus", "acc161_of_found"), ("gvdb", "city"), ("stream", "place")),
    "times": (("stream", "date", "link_f1"), ("gvdb", "date")),
}


@cache
def figures(shared: Path, name: str, without: str, limit: int) -> dict[str, float]:
    """All figures of one set or of the English stream."""
    tocsin = f"{sys.executable} -m tests.quality.without {without}"
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{os.environ.get('PYTHONPATH', '')}"}
    with tempfile.TemporaryDirectory() as scratch:
        if name == "stream":
            found = Path(scratch, "incidents.jsonl")
            replay = [*tocsin.split(), "replay", str(STREAM / "en" / "items.jsonl"), "--incidents", str(found)]
            subprocess.run(replay, env=environment, check=True, stderr=subprocess.DEVNULL)
            command = [sys.executable, str(STREAM / "score.py"), str(STREAM / "en"), str(found), "--json"]
        else:
            command = [sys.executable, "score.py", name, "--json", "--cmd", f"{tocsin} annotate", "--limit", str(limit)]
        where = None if name == "stream" else shared / "score"
        done = subprocess.run(command, cwd=where, env=environment, check=True, capture_output=True, text=True)
    said = json.loads(done.stdout.splitlines()[-1])
    return dict(said["scores"] if name == "stream" else said["figures"])


def rows(shared: Path, only: list[str], limit: int) -> Iterator[str]:
    for component in only or MOVES:
        for name, *wanted in MOVES[component]:
            whole, cut = (figures(shared, name, without, limit) for without in ("nothing", component))
            yield from (f"| {component} | {name} {f} | {whole[f]:.3f} | {cut[f]:.3f} |" for f in wanted)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", nargs="*", default=[], choices=sorted(MOVES))
    parser.add_argument("--limit", type=int, default=100)
    options = parser.parse_args()
    if not (options.shared / "score").is_dir():
        print(f"no gold sets at {options.shared}: nothing measured", file=sys.stderr)
        return 0
    print("| without | figure | with it | without it |\n| --- | --- | --- | --- |")
    for row in rows(options.shared.resolve(), options.only, options.limit):
        print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
