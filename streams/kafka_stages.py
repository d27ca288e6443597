"""What a worker does with a batch of records: each leads to output, to state, or to a dead letter.

Blocking code for a thread; `faust_app.py` carries it. A processor returns what has to be sent before the batch counts
as done.
"""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from processors.errors import TocsinError, UnavailableError
from processors.model import Alert, ItemMentions
from processors.resolve.resolve import Policy
from streams import codec, observe, topology
from streams.deadletter import code_of, reason_of
from streams.kafka_dead_letters import letter
from streams.kafka_envelope import Original, mentions_headers, mentions_of
from streams.kafka_heartbeat import HEARTBEAT_POSITION, HEARTBEAT_SOURCE
from streams.kafka_io import Record
from streams.kafka_progress import Progress
from streams.kafka_reader import Failure, ReaderProcess
from streams.kafka_settings import KafkaSettings
from streams.store import Remembering, Store
from streams.store.retention import Retention, expire

log = logging.getLogger(__name__)
ALERTS_RELAYED = f"kafka.{topology.ALERTS.name}"  # the sink under which the relay keeps its place in the outbox
CLOCK = "clock"  # position that holds the time up to which items have spoken
MONTH = timedelta(days=30)
FORGET_EVERY = timedelta(hours=1)  # of the items' clock
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds between tries while the database is away
HEADROOM = 4096  # bytes of key and headers within a record's limit


class StoppingError(TocsinError):
    """The worker is to end while it waits for something that is away; the batch stays unacknowledged."""

    code = "stopping"


class Processor(Protocol):
    """A stage on records. `process` returns only when each record is accounted for."""

    stage: topology.Stage

    def process(self, batch: Sequence[Original]) -> list[Record]: ...
    def close(self) -> None: ...


class Extractor:
    """items.v1 → mentions.v1; keeps nothing."""

    stage = topology.EXTRACT

    def __init__(self, settings: KafkaSettings, reader: ReaderProcess, progress: Progress) -> None:
        self._settings, self._reader, self._progress = settings, reader, progress
        self._target = settings.prefix + topology.MENTIONS.name
        self._dlq = settings.prefix + self.stage.dlq

    def process(self, batch: Sequence[Original]) -> list[Record]:
        return [self._record(record, told) for record, told in zip(batch, self._reader.read(batch), strict=True)]

    def close(self) -> None:
        self._reader.close()

    def _record(self, record: Original, told: ItemMentions | Failure) -> Record:
        if isinstance(told, Failure):
            self._progress.dead(told.code)
            return letter(self._dlq, self.stage.name, record, told.code, told.reason)
        value = codec.encode(told)
        if len(value) > self._settings.max_record_bytes - HEADROOM:
            self._progress.dead("record_too_large")
            return letter(
                self._dlq, self.stage.name, record, "record_too_large", f"its mentions take {len(value)} bytes"
            )
        self._progress.told(told)
        headers = mentions_headers(told, self._settings.deployment)
        return Record(topic=self._target, key=topology.blocking_key(told).encode(), value=value, headers=headers)


class Resolver:
    """mentions.v1 → state: new state, alerts and position in one transaction, alone among all writers."""

    stage = topology.RESOLVE

    def __init__(
        self,
        settings: KafkaSettings,
        store: Store,
        policy: Policy,
        progress: Progress,
        horizon: timedelta = MONTH,
        retention: Retention | None = None,
    ) -> None:
        self._settings, self._store, self._policy, self._progress = settings, store, policy, progress
        self._memory = Remembering(store)
        self._horizon, self._retention = horizon, retention
        self._forgotten: datetime | None = None
        self._dlq = settings.prefix + self.stage.dlq
        self.stopping = threading.Event()

    def process(self, batch: Sequence[Original]) -> list[Record]:
        letters: list[Record] = []
        good: list[tuple[Original, ItemMentions]] = []
        for record in batch:
            try:
                good.append((record, mentions_of(record, self._settings.max_record_bytes)))
            except TocsinError as error:
                letters.append(self._letter(record, error.code, reason_of(error)))
        return letters + self._take_in(good)

    def close(self) -> None:
        self._store.close()

    def _take_in(self, good: list[tuple[Original, ItemMentions]]) -> list[Record]:
        """All in one transaction; where that fails one by one, and what fails alone becomes a dead letter."""
        if not good:
            return []
        try:
            self._holding(lambda: self._transaction(good))
        except StoppingError:
            raise
        except Exception as error:  # a record must not stop those behind it, whatever it brings about
            if len(good) > 1:
                return [each for pair in good for each in self._take_in([pair])]
            log.exception("cannot be resolved: %s", good[0][1].item)
            return [self._letter(good[0][0], code_of(error), reason_of(error))]
        for _, told in good:
            self._progress.told(told)
        return []

    def _transaction(self, good: list[tuple[Original, ItemMentions]]) -> None:
        sent: list[tuple[Alert, ItemMentions]] = []
        verdicts: list[tuple[str, str]] = []
        with self._memory.writing() as work:
            work.expect([told for _, told in good])
            said = work.position(CLOCK)
            clock = datetime.fromisoformat(said) if said else topology.EPOCH
            for record, told in good:
                if told.source_id == HEARTBEAT_SOURCE:  # the wall's clock sends what is due; items tell their own time
                    sent += ((alert, told) for alert in topology.flush(work, self._policy, told.published_at))
                    work.move(HEARTBEAT_POSITION, told.published_at.isoformat())
                else:
                    clock, changes = topology.take_in(told, work, self._policy, clock)
                    verdicts.append((told.channel, changes.verdict))
                    sent += ((alert, told) for alert in changes.alerts)
                work.move(f"{record.topic}/{record.partition}", str(record.offset + 1))
            work.move(CLOCK, clock.isoformat())
        self._observe(verdicts, sent)
        self._forget(clock)

    def _observe(self, verdicts: list[tuple[str, str]], sent: list[tuple[Alert, ItemMentions]]) -> None:
        for channel, verdict in verdicts:
            observe.ITEMS.labels(channel, verdict).inc()
        for alert, told in sent:
            observe.alerted(alert, told.published_at, datetime.now(UTC))

    def _forget(self, clock: datetime) -> None:
        """What nothing told of for long leaves the working set, by the items' clock."""
        if self._forgotten and clock - self._forgotten < FORGET_EVERY:
            return
        self._forgotten = clock
        self._memory.forget_before(max(clock, topology.EPOCH + self._horizon) - self._horizon)
        if self._retention:
            expire(self._store, self._retention, clock, datetime.now(UTC), [ALERTS_RELAYED])

    def _holding(self, action: Callable[[], None]) -> None:
        """Tries until the database is there; nothing is dropped meanwhile."""
        pause = FIRST_PAUSE
        while True:
            try:
                action()
                self._progress.hold(None)
                return
            except UnavailableError as error:
                self._progress.hold("database")
                log.warning("waiting for the database: %s", error)
            if self.stopping.wait(pause * random.uniform(0.5, 1.5)):
                raise StoppingError("the database was away when the worker was told to stop")
            pause = min(2 * pause, LONGEST_PAUSE)

    def _letter(self, record: Original, code: str, reason: str) -> Record:
        self._progress.dead(code)
        return letter(self._dlq, self.stage.name, record, code, reason)
