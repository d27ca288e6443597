"""Items a second of `tocsin replay`, beside spaCy's full pipe over the same texts, in one run on this machine.

usage: python -m benchmarks.throughput [--stream mixed|half|news|hard_news] [--profile default|light] [--repeat N]
                                       [--jobs N | --as-typed]

Both sides get the same number of processes and load their models within the time. With --as-typed each runs as one types
it: `tocsin replay`, which reads in as many processes as there are cores, and `nlp.pipe`, which reads in one. Python's
compiled modules are there for both. The processor time of all processes is given too: other work on the machine disturbs
it less than the clock's.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from benchmarks.kafka.processes import megabytes
from benchmarks.throughput.baseline import parsed, parsed_as_typed
from benchmarks.throughput.streams import STREAMS, Items

EVERY = 0.05  # seconds between looks at the memory


class Cost(NamedTuple):
    """Seconds by the clock and of the processors, of this process's children."""

    clock: float
    processor: float


def cost_of(work: Callable[[], None]) -> Cost:
    began, used = time.perf_counter(), _processor_seconds()
    work()
    return Cost(time.perf_counter() - began, _processor_seconds() - used)


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def replay(items: Items, jobs: int | None, profile: str) -> int:
    """Runs `tocsin replay`; the most megabytes that its processes held together, what they share counted for each."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "items.jsonl")
        path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), "utf8")
        command: list[str | Path] = [Path(sys.executable).with_name("tocsin"), "replay", path]
        command += ["--incidents", Path(folder, "incidents.jsonl"), *(["--jobs", str(jobs)] if jobs else [])]
        environment = os.environ | {"TOCSIN_PROFILE": profile}
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
        ) as running:
            most = 0
            while running.poll() is None:
                with suppress(OSError):  # a process that ends meanwhile
                    most = max(most, megabytes(running.pid))
                time.sleep(EVERY)
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    return most


def pipe(texts: list[str], jobs: int | None) -> None:
    """Reads the texts with spaCy's full pipe in `jobs` processes; None: as one types it."""
    reader, parts = (parsed, jobs) if jobs else (parsed_as_typed, 1)
    with get_context("spawn").Pool(parts) as pool:
        pool.map(reader, [texts[n::parts] for n in range(parts)], chunksize=1)
        pool.close()
        pool.join()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stream", choices=list(STREAMS), default="mixed")
    parser.add_argument("--profile", choices=["default", "light"], default="default")
    parser.add_argument("--repeat", type=int, default=2)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--jobs", type=int, default=2)
    how.add_argument("--as-typed", action="store_true")
    options = parser.parse_args()
    items, jobs = STREAMS[options.stream](options.repeat), None if options.as_typed else options.jobs
    texts = [f"{item['title'] or ''}\n\n{item['body']}" for item in items]
    with tempfile.TemporaryDirectory() as compiled:
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        replay(items[:50], 1, options.profile)
        pipe(texts[:50], 1)
        memory: list[int] = []
        ours = cost_of(lambda: memory.append(replay(items, jobs, options.profile)))
        theirs = cost_of(lambda: pipe(texts, jobs))
    print(
        f"{len(items)} items of the stream {options.stream}, profile {options.profile}, "
        + (f"{jobs} processes each" if jobs else "each as one types it")
    )
    for name, cost in (("tocsin replay", ours), ("spaCy's full pipe", theirs)):
        print(
            f"{name:20} {len(items) / cost.clock:8.1f} items/s {1000 * cost.processor / len(items):8.2f} ms of a processor an item"
        )
    print(f"{'ratio':20} {theirs.clock / ours.clock:8.2f}         {theirs.processor / ours.processor:8.2f}")
    print(f"memory of tocsin     {memory[0]:8d} MB, all processes together")
    return 0


if __name__ == "__main__":
    sys.exit(main())
