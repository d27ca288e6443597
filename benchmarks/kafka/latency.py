"""From writing an item to its alert on alerts.v1, and where the time goes.

An alert counts from the item whose version of the incident it tells. First alerts that the policy holds back until an
incident stands firm wait by the items' clock, not for the service, and are left out.
"""

import threading
import time
from collections.abc import Sequence

import msgspec
import sqlalchemy
from kafka import KafkaConsumer

from benchmarks.kafka.bench import WARM_UP, Bench, stream
from benchmarks.kafka.processes import processor_seconds
from processors.model import Alert, Item, ItemMentions
from streams import topology
from streams.kafka_io import Sender, partitions, reader
from streams.kafka_settings import KafkaSettings
from streams.store import tables
from tests.kafka import harness

WAIT_SECONDS = 120.0  # for what is still under way when all is sent


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds that one alert took: to mentions.v1, on to the relay's writing, on to a consumer of what is committed."""

    extract: float
    resolve: float
    deliver: float

    @property
    def whole(self) -> float:
        return self.extract + self.resolve + self.deliver


class Outcome(msgspec.Struct, kw_only=True):
    """One run: the ways of its alerts, alerts held back by policy, processor seconds an item by process."""

    ways: list[Way]
    held: int
    used: dict[str, float]


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """An alert as it came: the record's time stamp and when it was read, both seconds since 1970."""

    alert: Alert
    written: float
    read: float


class Listener(threading.Thread):
    """Reads alerts.v1 as consumers are told to, from its start."""

    def __init__(self, settings: KafkaSettings) -> None:
        super().__init__(daemon=True)
        self.came: dict[str, Arrival] = {}
        self.over = threading.Event()
        self._consumer: KafkaConsumer = reader(settings, isolation_level="read_committed")
        parts = partitions(self._consumer, settings.prefix + topology.ALERTS.name)
        self._consumer.assign(parts)
        self._consumer.seek_to_beginning(*parts)

    def run(self) -> None:
        while not self.over.is_set():
            for messages in self._consumer.poll(100).values():
                for message in messages:
                    alert, now = msgspec.json.decode(message.value, type=Alert), time.time()
                    arrival = Arrival(alert=alert, written=message.timestamp / 1000, read=now)
                    self.came.setdefault(alert.alert_id, arrival)
        self._consumer.close()


def latency(bench: Bench, number: int, rate: float, workers: int) -> Outcome:
    """So many items of the mixed stream at `rate` a second, through `workers` that extract, one resolver, one relay."""
    settings, database = bench.corner()
    items = stream(WARM_UP + number)
    warm, measured = items[:WARM_UP], items[WARM_UP:]
    with bench.workers(settings, database).start(*["extract"] * workers, "resolve", "relay") as running:
        sender = Sender(settings, linger_ms=0)
        sender.send([harness.record(settings, each) for each in warm])
        assert harness.wait_for(lambda: harness.settled(settings, database, len(warm)), 300, 0.5)
        pids = {f"{stage} {n}": child.pid for n, (stage, child) in enumerate(running.running)} | bench.server_pids()
        before = {name: processor_seconds([pid]) for name, pid in pids.items()}
        listener = Listener(settings)
        listener.start()
        sent = _send(sender, settings, measured, rate)
        harness.wait_for(lambda: harness.settled(settings, database, len(items)), WAIT_SECONDS, 0.5)
        used = {name: (processor_seconds([pid]) - before[name]) / number for name, pid in pids.items()}
        time.sleep(1)
        listener.over.set()
        listener.join()
    ways, held = _ways(settings, database, sent, list(listener.came.values()))
    return Outcome(ways=ways, held=held, used=used)


def _send(sender: Sender, settings: KafkaSettings, items: Sequence[Item], rate: float) -> dict[str, float]:
    """Sends on time, whether or not the service keeps up; the time by item revision."""
    sent, began = {}, time.monotonic()
    for number, item in enumerate(items):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        sent[item.ref] = time.time()
        sender.send([harness.record(settings, item)])
    return sent


def _ways(
    settings: KafkaSettings, database: str, sent: dict[str, float], came: Sequence[Arrival]
) -> tuple[list[Way], int]:
    """Of alerts that went out at once for an item that was sent; and how many were held back."""
    causes, read = _causes(database), _extracted(settings)
    ways, held = [], 0
    for each in came:
        incident = each.alert.incident
        item = causes.get((incident.incident_id, incident.version))
        if item not in sent or item not in read:
            continue
        if incident.updated_at and each.alert.sent_at > incident.updated_at:
            held += 1
            continue
        ways.append(
            Way(extract=read[item] - sent[item], resolve=each.written - read[item], deliver=each.read - each.written)
        )
    return ways, held


def _causes(database: str) -> dict[tuple[str, int], str]:
    """Version of an incident → the item revision that gave rise to it."""
    table, engine = tables.incident_versions, sqlalchemy.create_engine(database)
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.select(table.c.incident_id, table.c.version, table.c.item))
        causes = {(row.incident_id, row.version): row.item for row in found if row.item}
    engine.dispose()
    return causes


def _extracted(settings: KafkaSettings) -> dict[str, float]:
    """Item revision → time at which its mentions were written."""
    found: dict[str, float] = {}
    for each in harness.read_topic(settings, topology.MENTIONS.name):
        found.setdefault(msgspec.json.decode(each.value or b"", type=ItemMentions).item, each.timestamp / 1000)
    return found
