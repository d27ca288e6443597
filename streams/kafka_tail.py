"""Following the alerts topic as any consumer would: from now or from the start, without repeats, filtered."""

import logging
import time
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

import msgspec
from kafka.errors import KafkaError

from processors.errors import ConfigError, UnavailableError
from processors.model import Alert
from streams.kafka_io import broker_errors, partitions, reader
from streams.kafka_settings import KafkaSettings
from streams.rules import Rule, Watch
from streams.topology import ALERTS

log = logging.getLogger(__name__)
REMEMBERED = 100_000  # alert ids by which repeats are known


def wanted(**fields: object) -> Rule:
    """What `tocsin tail` is to show, as a watch rule. Raises ConfigError where a field has a value that there is not."""
    try:
        return msgspec.convert({"name": "tail"} | {name: value for name, value in fields.items() if value}, Rule)
    except msgspec.ValidationError as error:
        raise ConfigError(f"tail: {error}") from None


def follow(settings: KafkaSettings, from_start: bool, idle: float | None, rule: Rule) -> Iterator[Alert]:
    """Alerts as they come, each once, that the rule asks for; who was shown an incident sees it corrected or retracted.

    Ends when nothing more came for `idle` seconds. Raises UnavailableError.
    """
    consumer = reader(settings, isolation_level="read_committed")
    topic = settings.prefix + ALERTS.name
    watch, seen = Watch([rule]), OrderedDict[str, None]()
    try:
        with broker_errors():
            parts = partitions(consumer, topic)
            if not parts:
                raise UnavailableError(f"Kafka: no topic {topic}; `tocsin topics apply` makes it")
            consumer.assign(parts)
            consumer.seek_to_beginning(*parts) if from_start else consumer.seek_to_end(*parts)
            last = time.monotonic()
            while idle is None or time.monotonic() - last < idle:
                for message in (each for batch in consumer.poll(200).values() for each in batch):
                    last = time.monotonic()
                    alert = alert_in(message)
                    if alert and _first(seen, alert.alert_id) and watch.wanted_by(alert):
                        yield alert
    except KafkaError as error:
        raise UnavailableError(f"Kafka: {error}") from error
    finally:
        consumer.close()


def alert_in(message: Any) -> Alert | None:
    """The alert in a record of `alerts.v1`. None, and logged, where there is none: somebody else wrote to the topic."""
    try:
        return msgspec.json.decode(message.value or b"", type=Alert)
    except msgspec.MsgspecError as error:
        log.warning("%s/%s at %s is no alert: %s", message.topic, message.partition, message.offset, error)
        return None


def _first(seen: OrderedDict[str, None], alert_id: str) -> bool:
    if alert_id in seen:
        return False
    seen[alert_id] = None
    if len(seen) > REMEMBERED:
        seen.popitem(last=False)
    return True
