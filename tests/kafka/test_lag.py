"""Lag as the brokers have it: how many records wait, and how long, also when whoever asks has only begun to."""

import time
from contextlib import suppress

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from processors.errors import UnavailableError
from streams.kafka_io import client_options
from streams.kafka_lag import Lag, LagProbe
from streams.kafka_settings import KafkaSettings
from tests.kafka.harness import wait_for

pytestmark = pytest.mark.kafka


def write(settings: KafkaSettings, *hours_ago: float) -> None:
    """Records in the first partition, written so long ago."""
    producer = KafkaProducer(**client_options(settings))
    for each in hours_ago:
        then = round((time.time() - 3600 * each) * 1000)
        producer.send(f"{settings.prefix}items.v1", b"x", partition=0, timestamp_ms=then).get(10)
    producer.close()


def commit(settings: KafkaSettings, offset: int) -> None:
    consumer = KafkaConsumer(**client_options(settings), group_id=f"{settings.prefix}g", enable_auto_commit=False)
    part = TopicPartition(f"{settings.prefix}items.v1", 0)
    consumer.assign([part])
    consumer.commit({part: OffsetAndMetadata(offset, "", -1)})
    consumer.close()


def lag(settings: KafkaSettings) -> Lag:
    probe = LagProbe(settings, f"{settings.prefix}g", f"{settings.prefix}items.v1")
    found = wait_for(lambda: _asked(probe), 30)
    probe.close()
    assert found
    return found


def _asked(probe: LagProbe) -> Lag | None:
    """None while a broker that has just started cannot say."""
    with suppress(UnavailableError):
        return probe()
    return None


def test_an_old_wait_is_known_to_one_who_has_just_begun(topics: KafkaSettings) -> None:
    assert (lag(topics).waiting, lag(topics).seconds) == (0, 0)
    write(topics, 2, 0.25, 0)
    assert (lag(topics).waiting, lag(topics).seconds) == (3, 3600)
    commit(topics, 1)
    assert (lag(topics).waiting, lag(topics).seconds) == (2, 600)
    commit(topics, 2)
    assert (lag(topics).waiting, lag(topics).seconds) == (1, 0)
    commit(topics, 3)
    assert (lag(topics).waiting, lag(topics).seconds) == (0, 0)


def test_where_all_that_there_is_is_old(topics: KafkaSettings) -> None:
    write(topics, 3)
    assert lag(topics).seconds == 3600
    commit(topics, 1)
    assert lag(topics).seconds == 0
