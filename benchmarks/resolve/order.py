"""Does the order of arrival change what is known in the end? Streams shuffled within a window, resolved, compared.

usage: python -m benchmarks.resolve.order SCENARIO_DIR [--runs 200] [--hours 6] [--level mild | --read] [--fold TOWNS DAYS]
Each item arrives up to so many hours late, drawn anew in each run; all items of one moment are given in any order. Two ends
are alike where every incident has the same status, items and values; ids, versions and times of change may differ.
"""

import argparse
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec

from benchmarks.resolve.churn import read
from benchmarks.resolve.gold import LEVELS, folded, load, tellings
from processors.errors import RevisionConflict
from processors.model import Incident, ItemMentions
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy, resolve

HORIZON = timedelta(days=400)


def end(stream: Sequence[ItemMentions]) -> list[Incident]:
    """The living incidents after a stream, in its order of arrival; the clock stands after its last item throughout."""
    state, now = MemoryState(horizon=HORIZON), max(t.published_at for t in stream)
    for told in stream:
        try:
            state.apply(resolve(told, state, now, Policy()))
        except RevisionConflict:
            continue
    return [i for i in state.incidents() if i.status != "merged"]


def groups(incidents: Sequence[Incident]) -> set[tuple[str, tuple[str, ...]]]:
    return {(i.status, i.items) for i in incidents}


def values(incidents: Sequence[Incident]) -> set[bytes]:
    """Every incident without its id, version, time of change and the ids it is tied to."""
    bare = (msgspec.structs.replace(i, incident_id="", version=0, updated_at=None, related=()) for i in incidents)
    return {msgspec.json.encode(i) for i in bare}


def late(stream: Sequence[ItemMentions], hours: float, rng: Random) -> list[ItemMentions]:
    """The stream as it arrives when each item is up to so many hours late."""
    arrival = {k: t.published_at + timedelta(hours=rng.uniform(0, hours)) for k, t in enumerate(stream)}
    return [stream[k] for k in sorted(arrival, key=lambda k: arrival[k])]


def compare(stream: Sequence[ItemMentions], runs: int, hours: float) -> str:
    """One line: how many runs ended alike, and how many incidents did."""
    plain = end(stream)
    same_groups = same_values = 0
    kept = 0.0
    for seed in range(runs):
        other = end(late(stream, hours, Random(seed)))
        same_groups += groups(plain) == groups(other)
        same_values += values(plain) == values(other)
        kept += len(values(plain) & values(other)) / max(1, len(values(plain) | values(other)))
    return (
        f"{len(plain)} incidents, {runs} shuffles within {hours:g} h: the same members in {same_groups}, the same values in "
        f"{same_values}; {kept / runs:.2%} of incidents alike"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--hours", type=float, default=6)
    parser.add_argument("--level", choices=LEVELS, default="mild")
    parser.add_argument("--fold", type=int, nargs=2, metavar=("TOWNS", "DAYS"))
    parser.add_argument("--read", action="store_true", help="through the whole pipeline instead of gold slots")
    args = parser.parse_args()
    given = load(args.folder)
    given = folded(given, *args.fold) if args.fold else given
    stream = read(args.folder) if args.read else list(tellings(given, LEVELS[args.level], 1))
    print(f"{args.folder.name} {'read' if args.read else args.level}: {compare(stream, args.runs, args.hours)}")


if __name__ == "__main__":
    main()
