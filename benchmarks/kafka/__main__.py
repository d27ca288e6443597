"""How fast the service on Kafka is, beside the embedded one, in one run on one machine.

    python -m benchmarks.kafka [--items 800] [--rate 50] [--seconds 20] [--workers 1] [--runs 1]
                                [--budget 0.3] [--jobs throughput scaling latency]

throughput  items a second through extract, resolve and relay with one and with two extracting workers, through
            extraction and resolving alone, and embedded; `per core`: items a second of processor time spent by the service's own
            processes (the broker's and PostgreSQL's apart); resident megabytes of each process
scaling     the same service with one, two and three extracting workers of --budget cores each and everything else
            unlimited: what a further worker brings where there is a processor for it, which two cores have not
latency     from writing an item to its alert on alerts.v1, at --rate items a second for --seconds, with --workers that extract
The real pipeline reads the mixed stream of `benchmarks.throughput`, evenly mixed: more than half of it tells of incidents,
far more than news as it comes. Each line ends with the machine's load while it was measured.
"""

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from benchmarks.kafka.alone import extracting, resolving
from benchmarks.kafka.bench import Bench
from benchmarks.kafka.budget import UnavailableBudgetError
from benchmarks.kafka.latency import latency
from benchmarks.kafka.processes import megabytes
from benchmarks.kafka.throughput import embedded, on_kafka

JOBS = ["throughput", "scaling", "latency"]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--items", type=int, default=800, help="for the throughput")
    ask.add_argument("--rate", type=float, default=50, help="items a second, for the latency")
    ask.add_argument("--seconds", type=float, default=20, help="how long, for the latency")
    ask.add_argument("--workers", type=int, default=1, help="that extract, for the latency")
    ask.add_argument("--budget", type=float, default=0.3, help="cores of each worker, for the scaling")
    ask.add_argument("--runs", type=int, default=1)
    ask.add_argument("--jobs", nargs="*", default=JOBS, choices=JOBS)
    args = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as made:
        Path(made).chmod(0o711)
        bench = Bench(Path(made))
        try:
            for _ in range(args.runs):
                if "throughput" in args.jobs:
                    _throughput(bench, args.items)
                if "scaling" in args.jobs:
                    _scaling(bench, args.items, args.budget)
                if "latency" in args.jobs:
                    _latency(bench, round(args.rate * args.seconds), args.rate, args.workers)
        finally:
            bench.stop()


def _throughput(bench: Bench, number: int) -> None:
    alone = embedded(number)
    _say(f"embedded      {alone.clock:6.1f} items/s by the clock   {alone.core:6.1f} per core second")
    one, two = on_kafka(bench, number, 1), on_kafka(bench, number, 2)
    for name, speed in (("Kafka, 1", one), ("Kafka, 2", two)):
        _say(f"{name:13} {speed.clock:6.1f} items/s by the clock   {speed.core:6.1f} per core second")
    _say(f"per core against embedded {one.core / alone.core:.2f}; two workers against one {two.clock / one.clock:.2f}")
    first, second = extracting(bench, number, 1), extracting(bench, number, 2)
    _say(f"extraction alone {first:.1f} and {second:.1f} items/s; two workers against one {second / first:.2f}")
    _say(f"resolving alone {resolving(bench, number):.1f} items/s")
    servers = {name: megabytes(pid) for name, pid in bench.server_pids().items()}
    _say("resident MB: " + ", ".join(f"{name} {size}" for name, size in (one.memory | servers).items()))


def _scaling(bench: Bench, number: int, budget: float) -> None:
    try:
        speeds = {workers: on_kafka(bench, number, workers, budget) for workers in (1, 2, 3)}
    except UnavailableBudgetError as error:
        _say(f"scaling: skipped, no fixed share of the processor can be given here: {error}")
        return
    for workers, speed in speeds.items():
        against = f"{speed.clock / speeds[1].clock:.2f} of one worker's"
        _say(f"{workers} x {budget:g} core    {speed.clock:6.1f} items/s by the clock   {against}")


def _latency(bench: Bench, number: int, rate: float, workers: int) -> None:
    found = latency(bench, number, rate, workers)
    _say(f"item to alert at {rate:g}/s: {len(found.ways)} alerts ({found.held} more held back by policy)")
    parts = {
        "whole": [way.whole for way in found.ways],
        "extract": [way.extract for way in found.ways],
        "resolve": [way.resolve for way in found.ways],
        "deliver": [way.deliver for way in found.ways],
    }
    for name, seconds in parts.items():
        cuts = statistics.quantiles(seconds, n=100)
        _say(f"  {name:8} p50 {cuts[49]:6.2f} s   p90 {cuts[89]:6.2f} s   p99 {cuts[98]:6.2f} s")
    used = ", ".join(f"{name} {1000 * seconds:.1f}" for name, seconds in found.used.items())
    _say(f"  milliseconds of processor time an item: {used}; together {1000 * sum(found.used.values()):.1f}")


def _say(line: str) -> None:
    print(f"{line}   [load {os.getloadavg()[0]:.1f}]", flush=True)


if __name__ == "__main__":
    main()
