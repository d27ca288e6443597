"""Faults against the service on a real broker and PostgreSQL, and what they cost: a line for each.

    python -m benchmarks.chaos              # all, about half an hour on two cores
    python -m benchmarks.chaos --short      # the form for CI: fewer items, one of each kind
    python -m benchmarks.chaos kill freeze  # some

Each run sends the same stream while a fault strikes, starts what died anew (as compose would), waits until all has gone
through, and compares with the embedded runtime on the same items. `lost`: items whose incidents differ or are missing;
`unsent`: alerts in the state that the topic lacks; `twice`: alerts delivered again, with the same id; `strange`: alerts
in the topic that the state does not know (a second id for one alert would be one); `poison`: dead letters with the bytes
of the poisoned items, of how many. Readers are the tests' own, so extraction costs nothing here.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Self

import msgspec
import sqlalchemy
from kafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError

from processors.errors import TocsinError
from processors.model import Item
from streams.kafka_io import Sender, admin
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import apply, differences, wanted
from streams.store import tables
from tests.kafka import harness
from tests.kafka.broker import Broker
from tests.kafka.postgres import Postgres

STAGES = ("extract", "extract", "resolve", "resolve", "relay")
POISON = 100  # one item in so many is poisoned where poison is the fault
SETTLE_SECONDS = 400


class Line(msgspec.Struct, kw_only=True):
    """What one fault did."""

    fault: str
    items: int
    blows: int = 0
    incidents: int = 0
    lost: int = 0
    alerts: int = 0
    unsent: int = 0
    twice: int = 0
    strange: int = 0
    poison: str = "-"
    seconds: float = 0.0
    settled: bool = False

    @property
    def well(self) -> bool:
        return self.settled and not (self.lost or self.unsent or self.strange) and "missing" not in self.poison


class Arena:
    """Servers, workers and a stream that is sent at a rate while faults strike."""

    def __init__(self, folder: Path, broker: Broker, postgres: Postgres, rate: float, items: list[Item]) -> None:
        self.folder, self.broker, self.postgres, self.rate, self.items = folder, broker, postgres, rate, items
        prefix = f"c{uuid.uuid4().hex[:6]}."
        self.settings = KafkaSettings(
            bootstrap_servers=broker.bootstrap, prefix=prefix, partitions=4, session_seconds=6
        )
        self.database = postgres.database(f"c{uuid.uuid4().hex[:8]}")
        self.chance = random.Random(7)
        self.lock = threading.Lock()
        self.sent = threading.Event()
        self.over = threading.Event()

    def __enter__(self) -> Self:
        plans = wanted(self.settings)
        with admin(self.settings) as client:
            apply(client, plans, differences(client, plans))
        engine = sqlalchemy.create_engine(self.postgres.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {self.database.rsplit('/', 1)[1]}"))
        engine.dispose()
        self.workers = harness.Workers(self.settings, self.database, self.folder).start(*STAGES)
        for job in (self._send, self._revive):
            threading.Thread(target=job, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        with self.lock:
            self.workers.stop()

    def strike(self, signum: int = signal.SIGKILL) -> None:
        """One process at random gets the signal; the reviver starts it anew."""
        with self.lock:
            _, child = self.chance.choice(self.workers.running)
            child.send_signal(signum)

    def settle(self) -> bool:
        """Waits until everything has gone through, twice in a row."""
        self.sent.wait(SETTLE_SECONDS)
        limit, times = time.monotonic() + SETTLE_SECONDS, 0
        while time.monotonic() < limit and times < 2:
            try:
                times = times + 1 if harness.settled(self.settings, self.database, len(self.items)) else 0
            except (TocsinError, KafkaError, DBAPIError, OSError) as error:  # servers may be on their way up
                print(f"  not settled: {error}"[:150], file=sys.stderr)
            time.sleep(1)
        return times >= 2

    def _send(self) -> None:
        sender, began = Sender(self.settings), time.monotonic()
        for number, item in enumerate(self.items):
            if (ahead := began + number / self.rate - time.monotonic()) > 0:
                time.sleep(ahead)
            while not self.over.is_set():
                try:
                    sender.send([harness.record(self.settings, item)], timeout=20)
                    break
                except (TocsinError, KafkaError, OSError) as error:
                    print(f"  producing again: {error}"[:150], file=sys.stderr)
        self.sent.set()

    def _revive(self) -> None:
        while not self.over.wait(0.5):
            with self.lock:
                self.workers.revive()


Fault = Callable[[Arena, bool], int]


def none(_arena: Arena, _short: bool) -> int:
    return 0


def kill(arena: Arena, short: bool) -> int:
    return _strikes(arena, signal.SIGKILL, 8 if short else 50)


def term(arena: Arena, short: bool) -> int:
    return _strikes(arena, signal.SIGTERM, 4 if short else 12)


def _strikes(arena: Arena, signum: int, blows: int) -> int:
    time.sleep(15)
    for _ in range(blows):
        time.sleep(arena.chance.uniform(1.5, 5))
        arena.strike(signum)
    return blows


def broker_away(arena: Arena, short: bool) -> int:
    time.sleep(20)
    arena.broker.kill()
    time.sleep(10 if short else 60)
    arena.broker.start()
    return 1


def postgres_away(arena: Arena, short: bool) -> int:
    time.sleep(20)
    arena.postgres.stop(signal.SIGQUIT)
    time.sleep(10 if short else 60)
    arena.postgres.start()
    return 1


def both_away(arena: Arena, short: bool) -> int:
    time.sleep(20)
    arena.postgres.stop(signal.SIGQUIT)
    arena.broker.kill()
    time.sleep(10 if short else 60)
    arena.broker.start()
    arena.postgres.start()
    return 2


def freeze(arena: Arena, short: bool) -> int:
    """Each kind of process stands still past its session (6 s) and the database's limits, then goes on as a zombie."""
    time.sleep(20)
    stages = ("resolve", "extract") if short else ("resolve", "extract", "relay")
    for stage in stages:
        with arena.lock:
            child = next(child for name, child in arena.workers.running if name == stage)
        child.send_signal(signal.SIGSTOP)
        time.sleep(70 if stage == "relay" else 25)
        child.send_signal(signal.SIGCONT)
    return len(stages)


def rebalance(arena: Arena, short: bool) -> int:
    """A third worker of each stage comes and goes."""
    time.sleep(15)
    rounds = 2 if short else 5
    for _ in range(rounds):
        with arena.lock:
            arena.workers.start("extract", "resolve")
            guests = arena.workers.running[-2:]
        time.sleep(8)
        with arena.lock:
            for guest in guests:
                if guest in arena.workers.running:
                    arena.workers.kill(arena.workers.running.index(guest), signal.SIGTERM)
        time.sleep(4)
    return rounds


def disk_full(arena: Arena, short: bool) -> int:
    """The state's volume fills up and is cleared again."""
    time.sleep(20)
    filler = arena.postgres.folder / "filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=1M"], capture_output=True, check=False)
    time.sleep(10 if short else 40)
    filler.unlink()
    if arena.postgres.process and arena.postgres.process.poll() is not None:
        arena.postgres.start()
    return 1


FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (none, kill, term, broker_away, postgres_away, both_away, freeze, rebalance, disk_full)
}
FAULTS["poison"] = none


def run(name: str, short: bool, rate: float, number: int) -> Line:
    """One fault on fresh servers."""
    with tempfile.TemporaryDirectory(prefix="tocsin-chaos-") as made:
        folder = Path(made)
        folder.chmod(0o711)
        state = folder / "postgres"
        if name == "disk_full":
            state.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(state)], check=True)
        broker, postgres = Broker(folder / "kafka").start(), Postgres(state).start()
        try:
            return _run(name, short, folder, broker, postgres, rate, number)
        finally:
            postgres.stop()
            broker.stop()
            if name == "disk_full":
                subprocess.run(["umount", "-l", str(state)], check=True)


def _run(name: str, short: bool, folder: Path, broker: Broker, postgres: Postgres, rate: float, number: int) -> Line:
    good = harness.stream(number)
    poison = (
        [harness.item("poisoner", str(n), "poison") for n in range(len(good) // POISON)] if name == "poison" else []
    )
    items = list(good)
    for n, each in enumerate(poison):
        items.insert((n + 1) * POISON, each)
    began = time.monotonic()
    with Arena(folder, broker, postgres, rate, items) as arena:
        blows = FAULTS[name](arena, short)
        line = Line(fault=name, items=len(items), blows=blows, settled=arena.settle())
        _measure(line, arena, good, poison)
    line.seconds = time.monotonic() - began
    if not line.well:
        kept = Path(tempfile.gettempdir()) / f"tocsin-chaos-{name}-logs"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir()
        for log in folder.glob("*.log"):
            shutil.copy(log, kept)
        print(f"  logs kept in {kept}", file=sys.stderr)
    return line


def _measure(line: Line, arena: Arena, good: list[Item], poison: list[Item]) -> None:
    expected = harness.standing(harness.embedded(good))
    found = harness.standing(harness.incidents(arena.settings))
    line.incidents = len(found)
    line.lost = sum(len(items) for items, body in expected.items() if found.get(items) != body)
    delivered = Counter(alert.alert_id for alert in harness.alerts(arena.settings))
    engine = sqlalchemy.create_engine(arena.database)
    with engine.connect() as connection:
        known = set(connection.scalars(sqlalchemy.select(tables.outbox.c.alert_id)))
    engine.dispose()
    line.alerts = len(known)
    line.unsent, line.strange = len(known - set(delivered)), len(set(delivered) - known)
    line.twice = sum(delivered.values()) - len(delivered)
    if poison:
        bytes_there = {letter.original.value for letter in harness.letters(arena.settings, "extract")}
        missing = sum(harness.record(arena.settings, each).value not in bytes_there for each in poison)
        line.poison = f"{len(poison)} of {len(poison)}" if not missing else f"{missing} missing"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("faults", nargs="*", choices=[*FAULTS, []], help="default: all")
    ask.add_argument("--short", action="store_true", help="fewer items and blows")
    ask.add_argument("--rate", type=float, default=20, help="items a second (default: %(default)s)")
    ask.add_argument("--items", type=int, help="default: 2000, or 400 with --short")
    args = ask.parse_args()
    number = args.items or (400 if args.short else 2000)
    columns = (
        "fault",
        "items",
        "blows",
        "incidents",
        "lost",
        "alerts",
        "unsent",
        "twice",
        "strange",
        "poison",
        "seconds",
        "well",
    )
    print("| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns), flush=True)
    failed = False
    for name in args.faults or FAULTS:
        line = run(name, args.short, args.rate, number)
        failed |= not line.well
        cells = [str(round(v) if isinstance(v := getattr(line, c), float) else v) for c in columns]
        print("| " + " | ".join(cells) + " |", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
