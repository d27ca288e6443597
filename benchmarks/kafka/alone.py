"""Items a second through one stage alone, so that what the others use of the machine does not count."""

import time

import sqlalchemy
from kafka import KafkaConsumer, TopicPartition

from benchmarks.kafka.bench import WARM_UP, Bench, stream
from streams import topology
from streams.kafka_io import Sender, partitions, reader
from streams.kafka_settings import KafkaSettings
from tests.kafka import harness

DONE = "SELECT coalesce(sum(CAST(value AS bigint)), 0) FROM positions WHERE name LIKE '%/%'"  # of partitions


def extracting(bench: Bench, number: int, workers: int) -> float:
    """With so many workers, all items being there at once."""
    settings, database = bench.corner()
    items = stream(WARM_UP + number)
    with bench.workers(settings, database).start(*["extract"] * workers):
        sender = Sender(settings)
        sender.send(harness.record(settings, each) for each in items[:WARM_UP])
        mentions, parts = _mentions(settings)
        assert harness.wait_for(lambda: _written(mentions, parts) >= WARM_UP, 300, 0.5)
        began = time.monotonic()
        sender.send(harness.record(settings, each) for each in items[WARM_UP:])
        assert harness.wait_for(lambda: _written(mentions, parts) >= len(items), 1200, 0.1)
        took = time.monotonic() - began
        mentions.close()
        return number / took


def resolving(bench: Bench, number: int) -> float:
    """With everything extracted before it begins: what one writer carries, however many workers extract."""
    settings, database = bench.corner()
    items = stream(WARM_UP + number)
    with bench.workers(settings, database).start("extract") as running:
        Sender(settings).send(harness.record(settings, each) for each in items)
        mentions, parts = _mentions(settings)
        assert harness.wait_for(lambda: _written(mentions, parts) >= len(items), 1200, 0.5)
        mentions.close()
        running.kill(0)
        running.start("relay")  # makes the tables
        engine = sqlalchemy.create_engine(database)
        assert harness.wait_for(lambda: sqlalchemy.inspect(engine).has_table("positions"), 60, 0.5)
        running.start("resolve")
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            assert harness.wait_for(lambda: connection.scalar(sqlalchemy.text(DONE)) >= WARM_UP, 300, 0.02)
            done, began = connection.scalar(sqlalchemy.text(DONE)), time.monotonic()
            assert harness.wait_for(lambda: connection.scalar(sqlalchemy.text(DONE)) >= len(items), 1200, 0.02)
            took = time.monotonic() - began
        engine.dispose()
    return float(len(items) - done) / took


def _mentions(settings: KafkaSettings) -> tuple[KafkaConsumer, list[TopicPartition]]:
    """Somebody to ask how far mentions.v1 goes."""
    consumer = reader(settings)
    return consumer, partitions(consumer, settings.prefix + topology.MENTIONS.name)


def _written(consumer: KafkaConsumer, parts: list[TopicPartition]) -> int:
    ends: dict[TopicPartition, int] = consumer.end_offsets(parts)
    return sum(ends.values())
