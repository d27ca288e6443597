"""How well resolving puts mentions together, on scenario streams with gold slots and on the same pressed into few
towns.

usage: python -m benchmarks.resolve.quality SCENARIO_DIR... [--seeds 2]
link_f1, pair_f1, found, clean as the scenario scorer has them; `merges`, `splits`, `alerts` count what consumers saw.
"""

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from statistics import mean

import numpy as np
from scipy.optimize import linear_sum_assignment

from benchmarks.resolve.gold import LEVELS, Stream, folded, load, tellings
from processors.model import ItemMentions
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy, flush_due, resolve

CROWDS = ((0, 0), (40, 6), (15, 5))


def run(told: Iterable[ItemMentions], policy: Policy) -> tuple[MemoryState, Counter[str], list[float]]:
    """Resolves a stream in order; the state at its end, what was sent, seconds an item."""
    state, sent, spent = MemoryState(), Counter[str](), []
    for item in told:
        due = flush_due(state, item.published_at, policy)
        state.apply(due)
        began = time.perf_counter()
        changes = resolve(item, state, item.published_at, policy)
        spent.append(time.perf_counter() - began)
        state.apply(changes)
        sent.update(a.kind for a in (*due.alerts, *changes.alerts))
        sent["split"] += sum("split" in n for n in changes.notes)
        sent["merged"] += sum(i.incident.status == "merged" for i in changes.incidents)
    return state, sent, spent


def figures(state: MemoryState, stream: Stream) -> dict[str, float]:
    """link_f1, pair_f1, found, clean."""
    alive = [i for i in state.incidents() if i.status != "merged"]
    made = [{x.rsplit("@", 1)[0] for x in i.items} for i in alive]
    gold = [{x.rsplit("@", 1)[0] for x in g["items"]} for g in stream.gold["incidents"]]
    shared = np.array([[len(g & s) for s in made] for g in gold])
    pairs = [(i, j) for i, j in zip(*linear_sum_assignment(-shared), strict=True) if shared[i, j]]
    linked = sum(shared[i, j] for i, j in pairs)
    together = [{p for s in sets for p in combinations(sorted(s), 2)} for sets in (made, gold)]
    opened = [j for j, i in enumerate(alive) if i.status == "open"]
    hits = {j for _, j in pairs}
    return {
        "link_f1": 2 * linked / (sum(map(len, made)) + sum(map(len, gold))),
        "pair_f1": 2 * len(together[0] & together[1]) / max(1, len(together[0]) + len(together[1])),
        "found": len(pairs) / len(gold),
        "clean": sum(j in hits for j in opened) / max(1, len(opened)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--bar", type=float, default=Policy().bar)
    parser.add_argument("--levels", nargs="+", choices=LEVELS, default=list(LEVELS))
    args = parser.parse_args()
    policy = Policy(bar=args.bar)
    for folder in args.folders:
        given = load(folder)
        for towns, days in CROWDS:
            stream = folded(given, towns, days) if towns else given
            for level in args.levels:
                damage = LEVELS[level]
                rows, counts, times = defaultdict(list), Counter[str](), []
                for seed in range(1, args.seeds + 1):
                    state, sent, spent = run(tellings(stream, damage, seed), policy)
                    counts += sent
                    times += spent
                    for name, value in figures(state, stream).items():
                        rows[name].append(value)
                said = " ".join(f"{k} {mean(v):.3f}" for k, v in rows.items())
                seen = " ".join(f"{k} {n / args.seeds:.0f}" for k, n in sorted(counts.items()))
                slow = sorted(times)[int(len(times) * 0.95)] * 1000
                print(f"{folder.name} {towns}x{days} {level:8s} {said} | {seen} | p95 {slow:.1f} ms", flush=True)


if __name__ == "__main__":
    main()
