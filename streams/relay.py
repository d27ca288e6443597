"""Publishes what the resolve stage has written: versions of incidents to `incidents.v1`, alerts to `alerts.v1`.

One relay works at a time (its database session holds a lock), and each batch is one Kafka transaction under a fixed id,
so a relay that was frozen and thaws can publish nothing more: the brokers have fenced it. Within a topic records go out
in the order in which they were written, which is the order of versions for each incident. A position is moved after
the acknowledgement, so what may come twice comes with the same id.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from kafka import KafkaProducer
from kafka.errors import KafkaError
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from processors.errors import UnavailableError
from processors.model import Alert, Incident
from streams import codec, topology
from streams import kafka_metrics as metrics
from streams.kafka_envelope import as_headers, incident_headers
from streams.kafka_heartbeat import HEARTBEAT_POSITION
from streams.kafka_io import Record, broker_errors, client_options
from streams.kafka_settings import KafkaSettings
from streams.store import Store, tables
from streams.store.database import reading

log = logging.getLogger(__name__)
AT_ONCE = 500  # records in one transaction
IDLE = 0.1  # seconds between looks at an empty outbox
PAUSE = 1.0  # seconds between tries while something is away
COUNT_EVERY = 30.0  # seconds between counts of the incidents
RELAY_LOCK = 0x746F6372  # PostgreSQL advisory lock of the session: whoever relays is alone
TRANSACTION_SECONDS = 30
DELIVERY_SECONDS = 25.0  # less than a transaction, and than the database's patience with a silent session


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """What one topic is still to be given: records, the place of the last in its table, how many there are in all."""

    topic: str
    position: str
    seq: int
    records: tuple[Record, ...]
    depth: int


class Outbox:
    """Reads what is to be published, and marks what was."""

    def __init__(self, store: Store, settings: KafkaSettings) -> None:
        self._store, self._settings = store, settings

    def pending(self) -> list[Pending]:
        """The next records of both topics, incidents first, so that an alert never comes before its incident."""
        return [
            self._next(topology.INCIDENTS, tables.incident_versions, self._incident),
            self._next(topology.ALERTS, tables.outbox, self._alert),
        ]

    def mark(self, published: list[Pending]) -> None:
        """The brokers have all of these."""
        self._store.place({each.position: str(each.seq) for each in published})

    def heartbeat(self) -> datetime | None:
        """The newest heartbeat that was resolved."""
        with self._store.looking() as work:
            said = work.position(HEARTBEAT_POSITION)
        return datetime.fromisoformat(said) if said else None

    def incidents(self) -> dict[tuple[str, str], int]:
        """How many there are, by status and event type."""
        table = tables.incidents
        query = select(table.c.status, table.c.event_type, func.count()).group_by(table.c.status, table.c.event_type)
        with reading(self._store.engine) as connection:
            return {(status, kind): number for status, kind, number in connection.execute(query)}

    def _next(self, topic: topology.Topic, table: Any, record: Callable[[str, str], Record]) -> Pending:
        position = f"sink:kafka.{topic.name}"
        name = self._settings.prefix + topic.name
        with self._store.looking() as work:
            after = int(work.position(position) or 0)
        with reading(self._store.engine) as connection:
            query = select(table.c.seq, table.c.body).where(table.c.seq > after).order_by(table.c.seq).limit(AT_ONCE)
            rows = connection.execute(query).all()
            depth = len(rows) if len(rows) < AT_ONCE else self._depth(connection, table, after)
        records = tuple(record(name, row.body) for row in rows)
        return Pending(topic=name, position=position, seq=rows[-1].seq if rows else after, records=records, depth=depth)

    def _depth(self, connection: Connection, table: Any, after: int) -> int:
        return connection.scalar(select(func.count()).select_from(table).where(table.c.seq > after)) or 0

    def _incident(self, topic: str, body: str) -> Record:
        incident = msgspec.json.decode(body, type=Incident)
        headers = incident_headers(incident, self._settings.deployment)
        return Record(topic=topic, key=incident.incident_id.encode(), value=body.encode(), headers=headers)

    def _alert(self, topic: str, body: str) -> Record:
        alert = msgspec.json.decode(body, type=Alert)
        headers = as_headers(codec.alert_headers(alert, f"/{self._settings.deployment}/resolve").items())
        return Record(topic=topic, key=alert.incident_id.encode(), value=body.encode(), headers=headers)


class Publisher:
    """A transactional producer: a batch is there whole or not at all, and only the newest publisher can write."""

    def __init__(self, settings: KafkaSettings, delivery_seconds: float = DELIVERY_SECONDS) -> None:
        with broker_errors():
            self._producer = KafkaProducer(
                **client_options(settings),
                acks="all",
                transactional_id=f"{settings.prefix}{settings.deployment}-relay",
                transaction_timeout_ms=TRANSACTION_SECONDS * 1000,
                delivery_timeout_ms=round(delivery_seconds * 1000),
                request_timeout_ms=round(delivery_seconds * 800),
                linger_ms=5,
                max_request_size=2 * settings.max_record_bytes,
            )
            self._producer.init_transactions()

    def publish(self, batches: list[Pending]) -> None:
        """Returns when the brokers have committed all. Raises UnavailableError; then this publisher is of no more use."""
        with broker_errors():
            self._producer.begin_transaction()
            sent = [self._send(each) for batch in batches for each in batch.records]
            self._producer.flush()
            for future in sent:  # kafka-python commits what is left when records have expired: their own word counts
                future.get(0)
            self._producer.commit_transaction()

    def _send(self, record: Record) -> Any:
        return self._producer.send(record.topic, value=record.value, key=record.key, headers=list(record.headers))

    def close(self) -> None:
        with suppress(KafkaError):  # an open transaction is aborted by the brokers
            self._producer.close(timeout=0)


class Relay:
    """The loop. `run` returns when told to stop; it waits, and says so, while the database or the brokers are away."""

    def __init__(self, store: Store, settings: KafkaSettings, alive_file: Path | None = None) -> None:
        self._store, self._settings, self._alive_file = store, settings, alive_file
        self._outbox = Outbox(store, settings)
        self._drained = time.monotonic()
        self._counted = -COUNT_EVERY
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._as_the_only_one()
            except (UnavailableError, KafkaError, DBAPIError) as error:
                metrics.HOLDING.labels("relay", "kafka or database").set(1)
                log.warning("not relaying: %s", error)
                self.stopping.wait(PAUSE)

    def _as_the_only_one(self) -> None:
        """Relays as long as all goes well; raises what does not."""
        publisher: Publisher | None = None
        metrics.INCIDENTS.clear()  # who stands by tells of none, so that no sum has them twice
        with self._store.engine.connect() as session:
            while not self.stopping.is_set() and not self._alone(session):
                self._well()
                self.stopping.wait(PAUSE)
            try:
                publisher = Publisher(self._settings)
                metrics.HOLDING.labels("relay", "kafka or database").set(0)
                while not self.stopping.is_set():
                    session.execute(text("SELECT 1"))
                    session.commit()
                    if not self.step(publisher):
                        self.stopping.wait(IDLE)
            finally:
                if publisher:
                    publisher.close()
                session.invalidate()  # closed, not returned: with the session its lock is gone

    def step(self, publisher: Publisher) -> bool:
        """Publishes what is there; returns whether there was anything."""
        waiting = self._outbox.pending()
        batches = [batch for batch in waiting if batch.records]
        for batch in waiting:
            metrics.OUTBOX.labels(batch.topic).set(batch.depth)
        if batches:
            publisher.publish(batches)
            self._outbox.mark(batches)
            for batch in batches:
                metrics.PUBLISHED.labels(batch.topic).inc(len(batch.records))
                metrics.OUTBOX.labels(batch.topic).set(batch.depth - len(batch.records))
        if all(batch.depth <= len(batch.records) for batch in waiting):
            self._drained = time.monotonic()
            if beat := self._outbox.heartbeat():
                metrics.HEARTBEAT.labels("relay").set(beat.timestamp())
        metrics.OUTBOX_AGE.set(time.monotonic() - self._drained)
        self._count()
        self._well()
        return bool(batches)

    def _alone(self, session: Connection) -> bool:
        if session.dialect.name != "postgresql":
            return True  # SQLite is for one process
        got = session.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": RELAY_LOCK})
        session.commit()
        return bool(got)

    def _well(self) -> None:
        metrics.WATCHDOG.labels("relay").set(datetime.now(UTC).timestamp())
        if self._alive_file:
            self._alive_file.touch()

    def _count(self) -> None:
        if time.monotonic() - self._counted >= COUNT_EVERY:
            self._counted = time.monotonic()
            metrics.INCIDENTS.clear()
            for (status, kind), number in self._outbox.incidents().items():
                metrics.INCIDENTS.labels(status, kind).set(number)
