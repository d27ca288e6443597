"""How fast the service on Kafka is, beside the embedded one, in one run on one machine.

    python -m benchmarks.kafka [--items 600] [--rate 50] [--jobs throughput latency memory]

throughput  items a second through extract, resolve and relay with one and with two workers, and embedded, with the real
            pipeline; `per core`: items a second of processor time spent, of all processes together (the broker's and
            PostgreSQL's own time apart)
latency     from writing an item to its alert on alerts.v1, at --rate items a second (50), with a reader that costs 2 ms an item
memory      resident megabytes of each process after the run
The items are the bundled demo stream, again and again under new ids and on later days.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path

import msgspec
import sqlalchemy

from processors.model import Alert, Item
from streams import topology
from streams.demo import items as demo_items
from streams.kafka_io import Sender, admin, partitions, reader
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import apply, differences, wanted
from tests.kafka import harness
from tests.kafka.broker import Broker
from tests.kafka.postgres import Postgres

MAIN = "from streams.cli import main; main()"


def stream(number: int) -> list[Item]:
    """So many items: the demo's, with ids and days of their own each time round."""
    found: list[Item] = []
    once, turn = demo_items(), 0
    while len(found) < number:
        for item in once:
            when = item.published_at + timedelta(days=30 * turn)
            change = {"external_id": f"{item.external_id}-{turn}", "published_at": when, "fetched_at": None}
            found.append(msgspec.structs.replace(item, **change, forwarded_from=None, reply_to=None))
        turn += 1
    return found[:number]


def processor_seconds(pids: list[int]) -> float:
    """User and system time that processes and their children have used."""
    total = 0.0
    for pid in pids:
        for each in (pid, *children(pid)):
            try:
                fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
                total += (int(fields[11]) + int(fields[12])) / 100
            except OSError:
                continue
    return total


def children(pid: int) -> list[int]:
    done = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in done.stdout.split()]


def megabytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("VmRSS"))


class Bench:
    """Servers, and a fresh corner on them for each measurement."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broker, self.postgres = Broker(folder / "kafka").start(), Postgres(folder / "postgres").start()

    def corner(self) -> tuple[KafkaSettings, str]:
        settings = KafkaSettings(
            bootstrap_servers=self.broker.bootstrap, prefix=f"b{uuid.uuid4().hex[:6]}.", partitions=8
        )
        plans = wanted(settings)
        with admin(settings) as client:
            apply(client, plans, differences(client, plans))
        name = f"b{uuid.uuid4().hex[:6]}"
        engine = sqlalchemy.create_engine(self.postgres.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return settings, self.postgres.database(name)

    def throughput(self, number: int, workers: int) -> tuple[float, float, dict[str, int]]:
        """Items a second by the clock and by processor time, from the first mention; memory by process."""
        settings, database = self.corner()
        items = stream(number)
        running = harness.Workers(settings, database, self.folder, TOCSIN_METRICS_PORT="0")
        running.command = [sys.executable, "-c", MAIN, "worker", "--stage"]
        with running.start(*["extract"] * workers, "resolve", "relay"):
            sender = Sender(settings)
            warm = [
                msgspec.structs.replace(each, external_id=f"warm-{each.external_id}") for each in items[: 16 * workers]
            ]
            sender.send(harness.record(settings, each) for each in warm)
            assert harness.wait_for(lambda: harness.settled(settings, database, len(warm)), 300, 0.5)
            pids = [child.pid for _, child in running.running]
            before, began = processor_seconds(pids), time.monotonic()
            sender.send(harness.record(settings, each) for each in items)
            assert harness.wait_for(lambda: harness.settled(settings, database, len(items) + len(warm)), 1200, 0.5)
            took, used = time.monotonic() - began, processor_seconds(pids) - before
            memory = {f"{stage} {n}": self.memory(child.pid) for n, (stage, child) in enumerate(running.running)}
        return number / took, number / used, memory

    def memory(self, pid: int) -> int:
        return sum(megabytes(each) for each in (pid, *children(pid)))

    def embedded(self, number: int) -> tuple[float, float]:
        """The embedded service on the same items, SQLite, one reading process; its start and warming up taken off."""
        whole, start = self._run_embedded(number + 16), self._run_embedded(16)
        return number / (whole[0] - start[0]), number / (whole[1] - start[1])

    def _run_embedded(self, number: int) -> tuple[float, float]:
        """Seconds by the clock and of processor time that `tocsin run --from` takes for so many items."""
        with tempfile.TemporaryDirectory() as made:
            file = Path(made) / "items.jsonl"
            file.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in stream(number)))
            run = [sys.executable, "-c", MAIN, "run", "--from", str(file), "--once", "--jobs", "1"]
            given = harness.environment(KafkaSettings(), f"sqlite:///{made}/state.db") | {"TOCSIN_METRICS_PORT": "0"}
            began, child = time.monotonic(), subprocess.Popen(run, env=given, stderr=subprocess.DEVNULL)
            used = 0.0
            while child.poll() is None:
                used = max(used, processor_seconds([child.pid]))
                time.sleep(0.05)
            return time.monotonic() - began, used

    def latency(self, number: int, rate: float) -> list[float]:
        """Seconds from writing an item to its alert, sorted; the tests' reader stands for extraction."""
        settings, database = self.corner()
        sent: dict[str, float] = {}
        came: dict[str, float] = {}
        over = threading.Event()
        with harness.Workers(settings, database, self.folder).start("extract", "resolve", "relay"):
            sender = Sender(settings, linger_ms=0)
            sender.send([harness.record(settings, harness.item("warm", "0", harness.telling(0, 25)))])
            assert harness.wait_for(lambda: harness.alerts(settings), 300)
            listening = threading.Thread(target=_listen, args=(settings, came, over))
            listening.start()
            time.sleep(2)
            began = time.monotonic()
            for n in range(number):
                item = harness.item(f"source-{n % 5}", f"l{n}", harness.telling(n % 12, 25), harness.START)
                later = msgspec.structs.replace(item, published_at=harness.START + timedelta(days=12 * (n // 12 + 1)))
                sent[later.ref] = time.monotonic()
                sender.send([harness.record(settings, later)])
                time.sleep(max(0.0, began + (n + 1) / rate - time.monotonic()))
            harness.wait_for(lambda: len(came) >= number * 0.95, 60)
            over.set()
            listening.join()
        return sorted(came[ref] - sent[ref] for ref in sent if ref in came)


def _listen(settings: KafkaSettings, came: dict[str, float], over: threading.Event) -> None:
    """Notes when the first alert that names an item arrives."""
    consumer = reader(settings, fetch_max_wait_ms=50)
    parts = partitions(consumer, settings.prefix + topology.ALERTS.name)
    consumer.assign(parts)
    consumer.seek_to_end(*parts)
    while not over.is_set():
        for messages in consumer.poll(100).values():
            for message in messages:
                for ref in msgspec.json.decode(message.value, type=Alert).incident.items:
                    came.setdefault(ref, time.monotonic())
    consumer.close()


def main() -> None:
    ask = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    ask.add_argument("--items", type=int, default=600)
    ask.add_argument("--rate", type=float, default=50, help="items a second, for the latency (default: %(default)s)")
    ask.add_argument("--jobs", nargs="*", default=["throughput", "latency", "memory"])
    args = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as made:
        Path(made).chmod(0o711)
        bench = Bench(Path(made))
        try:
            _report(bench, args.items, args.jobs, args.rate)
        finally:
            bench.postgres.stop()
            bench.broker.stop()


def _report(bench: Bench, number: int, jobs: list[str], rate: float) -> None:
    if "throughput" in jobs:
        clock, core = bench.embedded(number)
        print(f"embedded      {clock:6.1f} items/s by the clock   {core:6.1f} per core second", flush=True)
        one, one_core, memory = bench.throughput(number, 1)
        print(f"Kafka, 1      {one:6.1f} items/s by the clock   {one_core:6.1f} per core second", flush=True)
        two, two_core, _ = bench.throughput(number, 2)
        print(f"Kafka, 2      {two:6.1f} items/s by the clock   {two_core:6.1f} per core second", flush=True)
        print(f"per core against embedded {one_core / core:.2f}; two workers against one {two / one:.2f}", flush=True)
        if "memory" in jobs:
            servers = {"broker": bench.memory(bench.broker.pid)}
            print(
                "resident MB: " + ", ".join(f"{name} {size}" for name, size in (memory | servers).items()), flush=True
            )
    if "latency" in jobs:
        found = bench.latency(round(20 * rate), rate)
        cuts = statistics.quantiles(found, n=100)
        print(
            f"item to alert at {rate:g}/s: {len(found)} alerts, p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s", flush=True
        )


if __name__ == "__main__":
    main()
