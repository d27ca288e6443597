"""A service on servers of its own, and a stream that is sent at a rate while faults strike."""

import random
import signal
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import sqlalchemy
from kafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError

from processors.errors import TocsinError
from processors.model import Item
from streams.kafka_io import Sender, admin
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import apply, differences, wanted
from streams.relay import RELAY_LOCK
from tests.kafka import harness
from tests.kafka.broker import Broker
from tests.kafka.postgres import Postgres

STAGES = ("extract", "extract", "resolve", "resolve", "relay")
SESSION_SECONDS = 6
SETTLE_SECONDS = 400
FIRST = 5  # items that go through before the stream begins and faults strike: by then all workers are up


class Arena:
    """Servers, workers and a stream that is sent at a rate while faults strike."""

    def __init__(self, folder: Path, broker: Broker, postgres: Postgres, rate: float, items: list[Item]) -> None:
        self.folder, self.broker, self.postgres, self.rate, self.items = folder, broker, postgres, rate, items
        prefix = f"c{uuid.uuid4().hex[:6]}."
        self.settings = KafkaSettings(
            bootstrap_servers=broker.bootstrap, prefix=prefix, partitions=4, session_seconds=SESSION_SECONDS
        )
        self.database = postgres.database(f"c{uuid.uuid4().hex[:8]}")
        self.chance = random.Random(7)
        self.taken_over: int | None = None  # records that a second relay published while the first stood still
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
        Sender(self.settings).send([harness.record(self.settings, each) for each in self.items[:FIRST]])
        assert harness.wait_for(lambda: harness.incidents(self.settings), SETTLE_SECONDS, 1), "it never began to work"
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

    @contextmanager
    def frozen(self, stage: str) -> Iterator[None]:
        """The first process of the stage stands still, and then goes on as a zombie."""
        with self.lock:
            child = next(child for name, child in self.workers.running if name == stage)
        child.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            child.send_signal(signal.SIGCONT)

    def relaying(self) -> tuple[int, int]:
        """The database session that holds the relay's lock, 0 for none, and how many records all relays have published."""
        holder = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :lock"
        published = "SELECT coalesce(sum(CAST(value AS bigint)), 0) FROM positions WHERE name LIKE 'sink:kafka.%'"
        engine = sqlalchemy.create_engine(self.database)
        with engine.connect() as connection:
            pid = connection.scalar(sqlalchemy.text(holder), {"lock": RELAY_LOCK})
            number = connection.scalar(sqlalchemy.text(published))
        engine.dispose()
        return pid or 0, int(number or 0)

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
        for number, item in enumerate(self.items[FIRST:]):
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
