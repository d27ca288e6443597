"""One fault on fresh servers, and what it cost."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import msgspec
import sqlalchemy

from benchmarks.chaos.arena import Arena
from benchmarks.chaos.faults import FAULTS, POISONED
from processors.model import Item
from streams.store import tables
from tests.kafka import harness
from tests.kafka.broker import Broker
from tests.kafka.postgres import Postgres

POISON = 100  # one item in so many is poisoned where poison is a part of the fault


class Line(msgspec.Struct, kw_only=True):
    """What one fault did."""

    fault: str
    items: int
    blows: int = 0
    incidents: int = 0
    lost: int = 0
    surplus: int = 0
    alerts: int = 0
    unsent: int = 0
    twice: int = 0
    strange: int = 0
    poison: str = "-"
    second_relay: int | None = None
    seconds: float = 0.0
    settled: bool = False

    @property
    def well(self) -> bool:
        wrong = self.lost or self.surplus or self.unsent or self.strange or "missing" in self.poison
        return self.settled and not wrong and self.second_relay != 0


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
        [harness.item("poisoner", str(n), "poison") for n in range(len(good) // POISON)] if name in POISONED else []
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
    line.incidents, line.second_relay = found.total(), arena.taken_over
    line.lost, line.surplus = (expected - found).total(), (found - expected).total()
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
