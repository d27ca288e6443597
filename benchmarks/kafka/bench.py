"""Servers for a measurement, a fresh corner on them for each, and the stream that is sent."""

import sys
import uuid
from pathlib import Path

import msgspec
import sqlalchemy

from benchmarks.throughput.streams import mixed
from processors.model import Item
from streams.kafka_io import admin
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import apply, differences, wanted
from tests.kafka import harness
from tests.kafka.broker import Broker
from tests.kafka.postgres import Postgres

PROGRAM = [sys.executable, "-c", "from streams.cli import main; main()"]
WARM_UP = 480  # items before those that are measured, enough for three workers: models and lexicons are loaded by use


def stream(number: int) -> list[Item]:
    """So many items of the mixed stream of `benchmarks.throughput`, mixed at every moment as feeds are.

    Its incidents tell of two weeks, its other texts of two years: these are spread evenly among the incidents, each
    published between its neighbours.
    """
    repeat, found = 1, mixed(1)
    while len(found) < number:
        repeat += 1
        found = mixed(repeat)
    told = [each for each in found if not each["source_id"].startswith("corpus")]
    others = [each for each in found if each["source_id"].startswith("corpus")]
    places = [((n + 0.5) / len(told), each) for n, each in enumerate(told)]
    for n, each in enumerate(others):
        neighbour = told[n * len(told) // len(others)]
        places.append(((n + 0.5) / len(others), each | {"published_at": neighbour["published_at"]}))
    places.sort(key=lambda place: place[0])
    return [msgspec.convert(each, Item) for _, each in places[:number]]


class Bench:
    """A broker and a database server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broker, self.postgres = Broker(folder / "kafka").start(), Postgres(folder / "postgres").start()

    def stop(self) -> None:
        self.postgres.stop()
        self.broker.stop()

    def corner(self) -> tuple[KafkaSettings, str]:
        """Topics and a database of their own."""
        name = f"b{uuid.uuid4().hex[:6]}"
        settings = KafkaSettings(bootstrap_servers=self.broker.bootstrap, prefix=f"{name}.", partitions=8)
        plans = wanted(settings)
        with admin(settings) as client:
            apply(client, plans, differences(client, plans))
        engine = sqlalchemy.create_engine(self.postgres.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return settings, self.postgres.database(name)

    def workers(self, settings: KafkaSettings, database: str) -> harness.Workers:
        """Processes as `tocsin worker` starts them, with the real pipeline."""
        running = harness.Workers(settings, database, self.folder, TOCSIN_METRICS_PORT="0")
        running.command = [*PROGRAM, "worker", "--stage"]
        return running

    def server_pids(self) -> dict[str, int]:
        assert self.postgres.process
        return {"broker": self.broker.pid, "postgres": self.postgres.process.pid}
