"""The relay's publisher: what the brokers did not take is never taken for published."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from processors.errors import UnavailableError
from streams import topology
from streams.kafka_io import Record, admin
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import apply, differences, wanted
from streams.relay import Pending, Publisher
from tests.kafka import harness
from tests.kafka.broker import Broker

pytestmark = [pytest.mark.kafka, pytest.mark.slow]
ALERTS = topology.ALERTS.name


@pytest.fixture
def own(broker: Broker, tmp_path: Path) -> Iterator[Broker]:
    """A broker that may be killed. `broker` is there if it can be."""
    server = Broker(tmp_path / "kafka").start()
    yield server
    server.stop()


def batch(*values: bytes) -> list[Pending]:
    records = tuple(Record(topic=ALERTS, key=b"k", value=value) for value in values)
    return [Pending(topic=ALERTS, position="p", seq=1, records=records, depth=len(records))]


def test_what_expired_while_the_broker_was_away_is_no_success(own: Broker) -> None:
    settings = KafkaSettings(bootstrap_servers=own.bootstrap, partitions=1)
    with admin(settings) as client:
        apply(client, wanted(settings), differences(client, wanted(settings)))
    publisher, raised = Publisher(settings, delivery_seconds=5), []
    publisher.publish(batch(b"before"))
    own.kill()

    def publish() -> None:
        try:
            publisher.publish(batch(b"during"))
        except UnavailableError as error:
            raised.append(error)

    at_work = threading.Thread(target=publish)
    at_work.start()
    time.sleep(8)
    own.start()
    at_work.join(90)
    publisher.close()
    assert raised, "it said that all was published"
    with suppress(UnavailableError):  # the transaction of the one before is still being ended
        publisher = Publisher(settings)
    publisher.publish(batch(b"during", b"after"))
    assert [each.value for each in harness.read_topic(settings, ALERTS)] == [b"before", b"during", b"after"]
    publisher.close()
