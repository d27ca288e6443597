"""Following the alerts topic as any consumer would: from now or from the start, without repeats, filtered."""

import time
from collections import OrderedDict
from collections.abc import Iterator

import msgspec
from kafka.errors import KafkaError

from processors.errors import UnavailableError
from processors.model import Alert
from streams.kafka_io import broker_errors, partitions, reader
from streams.kafka_settings import KafkaSettings
from streams.topology import ALERTS

REMEMBERED = 100_000  # alert ids by which repeats are known


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which alerts; an empty set lets all through."""

    kinds: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    def __contains__(self, alert: Alert) -> bool:
        countries = {place.country for place in alert.incident.places if place.role == "target"}
        return (
            (not self.kinds or alert.kind in self.kinds)
            and (not self.severities or alert.severity in self.severities)
            and (not self.countries or bool(countries & self.countries))
        )


def follow(settings: KafkaSettings, from_start: bool, idle: float | None, wanted: Wanted) -> Iterator[Alert]:
    """Alerts as they come; ends when nothing more came for `idle` seconds. Raises UnavailableError."""
    consumer = reader(settings)
    topic = settings.prefix + ALERTS.name
    seen: OrderedDict[str, None] = OrderedDict()
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
                    alert = msgspec.json.decode(message.value or b"null", type=Alert | None)
                    if alert and _first(seen, alert.alert_id) and alert in wanted:
                        yield alert
    except KafkaError as error:
        raise UnavailableError(f"Kafka: {error}") from error
    finally:
        consumer.close()


def _first(seen: OrderedDict[str, None], alert_id: str) -> bool:
    if alert_id in seen:
        return False
    seen[alert_id] = None
    if len(seen) > REMEMBERED:
        seen.popitem(last=False)
    return True
