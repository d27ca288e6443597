"""kafka-python: how every plain client connects, and a producer whose word counts only when the broker has given it.

Faust's own client is configured in `faust_app.py`; both read the same `KafkaSettings`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    RetriableError,
    SaslAuthenticationFailedError,
)

from processors.errors import InputError, UnavailableError
from streams.kafka_settings import KafkaSettings

Headers = Sequence[tuple[str, bytes]]
LARGEST = 16 << 20  # bytes; dead letters may hold what was too large for its topic


class RecordTooLargeError(InputError):
    """The broker does not take a record of this size."""

    code = "record_too_large"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent: bytes all the way, so that nothing is lost in translation."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


def client_options(settings: KafkaSettings) -> dict[str, Any]:
    """Connection options for any kafka-python client."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap_servers.split(","),
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol.endswith("SSL"):
        files = {"ssl_cafile": settings.ca_file, "ssl_certfile": settings.cert_file, "ssl_keyfile": settings.key_file}
        options |= {name: str(path) for name, path in files.items() if path}
    if settings.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": settings.sasl_mechanism,
            "sasl_plain_username": settings.username,
            "sasl_plain_password": settings.password.get_secret_value() if settings.password else None,
        }
    return options


@contextmanager
def broker_errors() -> Iterator[None]:
    """Turns "the broker is away or busy", which may pass, into UnavailableError."""
    try:
        yield
    except MessageSizeTooLargeError as error:
        raise RecordTooLargeError(str(error)) from error
    except SaslAuthenticationFailedError:
        raise
    except (RetriableError, KafkaTimeoutError, OSError) as error:
        raise UnavailableError(f"Kafka: {error or type(error).__name__}") from error


@contextmanager
def admin(settings: KafkaSettings) -> Iterator[KafkaAdminClient]:
    with broker_errors():
        client = KafkaAdminClient(**client_options(settings))
        try:
            yield client
        finally:
            client.close()


class Sender:
    """An idempotent producer. `send` returns when the broker has all records, in the order given, or raises."""

    def __init__(self, settings: KafkaSettings, **options: Any) -> None:
        usual = {"acks": "all", "enable_idempotence": True, "linger_ms": 5, "max_request_size": LARGEST}
        self._options = client_options(settings) | usual | options
        self._producer: KafkaProducer | None = None
        self._connected()

    def send(self, records: Iterable[Record], timeout: float = 60.0) -> None:
        """Raises UnavailableError where the broker's word did not come within `timeout` seconds, RecordTooLargeError.

        After either it is unknown which records the broker has; sending them all again is right.
        """
        try:
            with broker_errors():
                producer = self._connected()
                waiting = [_put(producer, each) for each in records]
                producer.flush(timeout)
                for future in waiting:
                    future.get(timeout)
        except (UnavailableError, RecordTooLargeError):
            self.close(timeout=0)  # an idempotent producer is of no use after a refusal; the next call makes a new one
            raise

    def close(self, timeout: float = 10.0) -> None:
        producer, self._producer = self._producer, None
        if producer:
            with suppress(KafkaError):  # what it still holds is given up: it was not acknowledged
                producer.close(timeout=timeout)

    def _connected(self) -> KafkaProducer:
        if self._producer is None:
            with broker_errors():
                self._producer = KafkaProducer(**self._options)
        return self._producer


def _put(producer: KafkaProducer, record: Record) -> Any:
    return producer.send(record.topic, value=record.value, key=record.key, headers=list(record.headers))


def partitions(consumer: KafkaConsumer, topic: str) -> list[TopicPartition]:
    """All partitions of a topic, in order; empty where there is no such topic."""
    return [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]


def reader(settings: KafkaSettings, **options: Any) -> KafkaConsumer:
    """A consumer outside any group, that commits nothing."""
    usual = {"enable_auto_commit": False, "auto_offset_reset": "earliest", "max_partition_fetch_bytes": LARGEST}
    with broker_errors():
        return KafkaConsumer(**client_options(settings), **(usual | options))
