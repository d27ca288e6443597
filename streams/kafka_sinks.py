"""The alerts topic → sinks, behind the watch rules: what `run` does with its outbox, for the service on Kafka.

A plain loop outside any group's balancing: one process gives every sink all alerts, in the order of each incident. An
offset is committed after all sinks took its alert; what comes again after a crash, a sink knows by its id.
"""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from processors.errors import UnavailableError
from processors.model import Alert
from streams import observe
from streams.kafka_io import broker_errors, partitions, reader
from streams.kafka_progress import Progress
from streams.kafka_settings import KafkaSettings
from streams.kafka_tail import alert_in
from streams.rules import Watched
from streams.sinks import Sink
from streams.topology import ALERTS

log = logging.getLogger(__name__)
STAGE = "sinks"
POLL_MS = 500
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds between tries while a sink or the brokers are away


def group(settings: KafkaSettings) -> str:
    """The name under which offsets are committed."""
    return f"{settings.prefix}tocsin-{STAGE}"


class Deliverer:
    """The loop. `run` returns when `stopping` is set."""

    def __init__(self, settings: KafkaSettings, sinks: Sequence[Sink], progress: Progress) -> None:
        self._settings, self._sinks, self._progress = settings, sinks, progress
        self._topic = settings.prefix + ALERTS.name
        self._watched = any(isinstance(sink, Watched) for sink in sinks)
        self.stopping = threading.Event()

    def run(self) -> None:
        """Waits, and says so, while the brokers or a sink are away."""
        self._holding("kafka", self._follow)

    def _follow(self) -> None:
        consumer = reader(self._settings, group_id=group(self._settings), isolation_level="read_committed")
        try:
            with broker_errors():
                given = self._start(consumer)
                self._progress.hold(None)
                while not self.stopping.is_set():
                    self._progress.alive()
                    for part, messages in consumer.poll(POLL_MS).items():
                        self._give_all(consumer, part, messages, given[part])
        except KafkaError as error:
            raise UnavailableError(f"Kafka: {error}") from error
        finally:
            consumer.close()

    def _start(self, consumer: KafkaConsumer) -> dict[TopicPartition, int]:
        """Where each partition goes on. Watch rules have to know what was told before, so with them all is read again."""
        parts = partitions(consumer, self._topic)
        if not parts:
            raise UnavailableError(f"Kafka: no topic {self._topic}; `tocsin topics apply` makes it")
        consumer.assign(parts)
        given = {part: consumer.committed(part) or 0 for part in parts}
        for part, offset in given.items():
            consumer.seek_to_beginning(part) if self._watched or not offset else consumer.seek(part, offset)
        return given

    def _give_all(self, consumer: KafkaConsumer, part: TopicPartition, messages: Sequence[Any], given: int) -> None:
        for message in messages:
            if (alert := _alert(message)) and message.offset < given:
                self._remind(alert)
            elif alert:
                self._give(alert)
            if self.stopping.is_set():
                return  # what was not committed comes again
        if (end := messages[-1].offset + 1) > given:
            consumer.commit({part: OffsetAndMetadata(end, "", -1)})

    def _remind(self, alert: Alert) -> None:
        for sink in self._sinks:
            if isinstance(sink, Watched):
                sink.was_given(alert)

    def _give(self, alert: Alert) -> None:
        for sink in self._sinks:
            self._holding(sink.name.split(":")[0], partial(_send, sink, alert))

    def _holding(self, on: str, action: Callable[[], None]) -> None:
        pause = FIRST_PAUSE
        while not self.stopping.is_set():
            try:
                action()
                self._progress.hold(None)
                return
            except UnavailableError as error:
                self._progress.hold(on)
                log.warning("waiting for %s: %s", on, error)
            self._progress.alive()
            self.stopping.wait(pause * random.uniform(0.5, 1.5))
            pause = min(2 * pause, LONGEST_PAUSE)


def _send(sink: Sink, alert: Alert) -> None:
    label = sink.name.split(":")[0]
    try:
        sink.send(alert)
    except UnavailableError:
        observe.FAILED.labels(label).inc()
        raise
    observe.SENT.labels(label).inc()


def _alert(message: Any) -> Alert | None:
    alert = alert_in(message)
    if alert is None:
        observe.STAGE_REJECTED.labels(STAGE, "alert_invalid").inc()
    return alert
