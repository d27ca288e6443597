"""Items a second through the whole service, beside the embedded one, by the clock and by processor time."""

import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import msgspec

from benchmarks.kafka.bench import PROGRAM, WARM_UP, Bench, stream
from benchmarks.kafka.budget import CpuBudget
from benchmarks.kafka.processes import megabytes, processor_seconds
from streams.kafka_io import Sender
from streams.kafka_settings import KafkaSettings
from tests.kafka import harness


class Speed(msgspec.Struct, frozen=True, kw_only=True):
    """Items a second by the clock and by processor time of the service's own processes; resident megabytes of each."""

    clock: float
    core: float
    memory: dict[str, int] = {}


def on_kafka(bench: Bench, number: int, workers: int, budget: float | None = None) -> Speed:
    """All items are there at once; so many workers extract, one resolves, one relays.

    With a `budget` each worker that extracts has so many cores once it is warm, and the rest has what it can get. Raises
    UnavailableBudgetError where that cannot be had.
    """
    settings, database = bench.corner()
    items = stream(WARM_UP + number)
    with ExitStack() as stack:
        budgets = [stack.enter_context(CpuBudget(budget)) for _ in range(workers)] if budget else []
        running = stack.enter_context(bench.workers(settings, database))
        running.start(*["extract"] * workers, "resolve", "relay")
        sender = Sender(settings)
        sender.send(harness.record(settings, each) for each in items[:WARM_UP])
        assert harness.wait_for(lambda: harness.settled(settings, database, WARM_UP), 300, 0.5)
        pids = [child.pid for _, child in running.running]
        for each, pid in zip(budgets, pids, strict=False):
            each.limit(pid)
        before, began = processor_seconds(pids), time.monotonic()
        sender.send(harness.record(settings, each) for each in items[WARM_UP:])
        assert harness.wait_for(lambda: harness.settled(settings, database, len(items)), 1200, 0.5)
        took, used = time.monotonic() - began, processor_seconds(pids) - before
        memory = {f"{stage} {n}": megabytes(child.pid) for n, (stage, child) in enumerate(running.running)}
    return Speed(clock=number / took, core=number / used, memory=memory)


def embedded(number: int) -> Speed:
    """The embedded service on the same items, SQLite, one reading process; its start and warming up taken off."""
    whole, start = _run_embedded(WARM_UP + number), _run_embedded(WARM_UP)
    return Speed(clock=number / (whole[0] - start[0]), core=number / (whole[1] - start[1]))


def _run_embedded(number: int) -> tuple[float, float]:
    """Seconds by the clock and of processor time that `tocsin run --from` takes for so many items."""
    with tempfile.TemporaryDirectory() as made:
        file = Path(made) / "items.jsonl"
        file.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in stream(number)))
        run = [*PROGRAM, "run", "--from", str(file), "--once", "--jobs", "1"]
        given = harness.environment(KafkaSettings(), f"sqlite:///{made}/state.db") | {"TOCSIN_METRICS_PORT": "0"}
        with Path(made, "log").open("wb") as log:
            began, child = time.monotonic(), subprocess.Popen(run, env=given, stdout=log, stderr=log)
        used = 0.0
        while child.poll() is None:
            used = max(used, processor_seconds([child.pid]))
            time.sleep(0.05)
        return time.monotonic() - began, used
