"""Items onto `items.v1`: a source's cursor moves only when the brokers have its items, so nothing is lost between.

What was sent and not yet marked when the process died is polled and sent again; the stages behind know repeats.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from processors.errors import UnavailableError
from processors.model import Item
from streams import codec, kafka_metrics, observe, topology
from streams.deadletter import DeadLetter
from streams.feeding import Feeding, Unit
from streams.kafka_dead_letters import letter
from streams.kafka_envelope import Original, item_headers
from streams.kafka_heartbeat import EVERY, heartbeat
from streams.kafka_io import Record, RecordTooLargeError, Sender
from streams.kafka_settings import KafkaSettings
from streams.store import Store

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds between tries while the brokers or the database are away
ROOM = 4096  # bytes of key and headers within a record's limit
STAGE = "produce"
NAP = 2.0  # seconds


class Producing:
    """Sends what it is fed. `store` holds the cursors; None where the input is a file, which has none."""

    def __init__(
        self, settings: KafkaSettings, sender: Sender, store: Store | None, alive_file: Path | None = None
    ) -> None:
        self._settings, self._sender, self._store, self._alive_file = settings, sender, store, alive_file
        self._topic = settings.prefix + topology.ITEMS.name
        self._dlq = settings.prefix + topology.EXTRACT.dlq
        self._beaten = -EVERY
        self.stopping = threading.Event()
        self.sent = self.refused = 0

    def run(self, feeding: Feeding, beat: bool) -> None:
        """Until the input ends or it is told to stop. With `beat` a heartbeat item goes out each minute."""
        for unit in feeding.units():
            with observe.stage(STAGE, len(unit.items)):
                self.send(unit.items)
                self._mark(unit)
            feeding.taken(unit)
            self._observe(unit)
            self._well(beat)
        while beat and not self.stopping.wait(NAP):  # nothing to poll: the heartbeat goes on
            self._well(beat)

    def send(self, items: Sequence[Item]) -> None:
        """Returns when the brokers have all of them; too large ones as dead letters."""
        records = [self._record(item) for item in items]
        if records:
            self._holding(lambda: self._sender.send(records))

    def reject(self, dead: DeadLetter) -> None:
        """A line that is no item, to the dead letters with its bytes."""
        original = self._nowhere(None, dead.value)
        self._holding(lambda: self._sender.send([letter(self._dlq, STAGE, original, dead.code, dead.reason)]))
        kafka_metrics.DEAD_LETTERS.labels(STAGE, dead.code).inc()

    def _record(self, item: Item) -> Record:
        key, value = topology.item_key(item).encode(), codec.encode(item)
        if len(value) + ROOM > self._settings.max_record_bytes:
            self.refused += 1
            log.error("%s: %d bytes are too many for a record, dead-lettered", item.ref, len(value))
            reason = f"{len(value)} bytes, at most {self._settings.max_record_bytes} go into a record"
            kafka_metrics.DEAD_LETTERS.labels(STAGE, RecordTooLargeError.code).inc()
            return letter(self._dlq, STAGE, self._nowhere(key, value), RecordTooLargeError.code, reason)
        self.sent += 1
        return Record(topic=self._topic, key=key, value=value, headers=item_headers(item, self._settings.deployment))

    def _nowhere(self, key: bytes | None, value: bytes | None) -> Original:
        now = round(time.time() * 1000)
        return Original(topic=self._topic, partition=-1, offset=-1, timestamp=now, key=key, value=value)

    def _mark(self, unit: Unit) -> None:
        if unit.position and self._store:
            store, (name, value) = self._store, unit.position
            self._holding(lambda: store.place({name: value}))

    def _well(self, beat: bool) -> None:
        if beat and time.monotonic() - self._beaten >= EVERY:
            self._beat()
        kafka_metrics.WATCHDOG.labels(STAGE).set(time.time())
        if self._alive_file:
            self._alive_file.touch()

    def _beat(self) -> None:
        self._beaten = time.monotonic()
        item = heartbeat(datetime.now(UTC))
        self.send([item])
        kafka_metrics.HEARTBEAT.labels(STAGE).set(item.published_at.timestamp())

    def _observe(self, unit: Unit) -> None:
        observe.STAGE_OUT.labels(STAGE).inc(len(unit.items))
        if unit.poll:
            observe.POLLS.labels(unit.source_kind, unit.poll.outcome).inc()
            if observe.source_seen(unit.poll.state, datetime.now(UTC)):
                log.warning("%s: %s", observe.SOURCE_STALE, unit.poll.source_id)

    def _holding(self, action: Callable[[], None]) -> None:
        """Tries until it works: nothing is dropped meanwhile. Raises UnavailableError when told to stop."""
        pause = FIRST_PAUSE
        while True:
            try:
                action()
                kafka_metrics.HOLDING.labels(STAGE, "kafka or database").set(0)
                return
            except UnavailableError as error:
                kafka_metrics.HOLDING.labels(STAGE, "kafka or database").set(1)
                log.warning("waiting: %s", error)
                if self.stopping.wait(pause):
                    raise
                pause = min(2 * pause, LONGEST_PAUSE)
