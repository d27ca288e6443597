"""One topology, two runtimes: the same stream gives the same incidents embedded and on Kafka, however many workers."""

from pathlib import Path

import pytest

from streams.kafka_io import Sender
from streams.kafka_settings import KafkaSettings
from tests.kafka import harness
from tests.kafka.harness import Workers, record, wait_for

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]


@pytest.mark.parametrize("workers", [1, 3])
def test_same_incidents_as_embedded(topics: KafkaSettings, database: str, folder: Path, workers: int) -> None:
    items = harness.stream(240)
    sender = Sender(topics)
    sender.send(record(topics, each) for each in items)
    with Workers(topics, database, folder).start(*["extract"] * workers, *["resolve"] * workers, "relay"):
        assert wait_for(lambda: harness.settled(topics, database, len(items)), every=1)
    expected, found = harness.embedded(items), harness.incidents(topics)
    assert harness.standing(found) == harness.standing(expected)
    announced = {each.alert_id for each in harness.alerts(topics)}
    assert len(announced) == len(harness.alerts(topics)), "an alert came twice in an undisturbed run"
