"""`tocsin topics` against a real broker: says what is missing or changed, sets right what it can."""

from pathlib import Path

import msgspec
import pytest
from kafka import KafkaProducer
from kafka.errors import KafkaError

from processors.errors import UnavailableError
from streams.kafka_io import Record, RecordTooLargeError, Sender, admin, client_options
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import apply, differences, wanted
from tests.kafka.broker import Broker
from tests.kafka.harness import wait_for

pytestmark = pytest.mark.kafka


def changed(settings: KafkaSettings, **values: object) -> KafkaSettings:
    return settings.model_copy(update=values)


def test_every_topic_is_created_as_planned(settings: KafkaSettings) -> None:
    plans = wanted(settings)
    with admin(settings) as client:
        missing = differences(client, plans)
        assert {each.kind for each in missing} == {"create"} and len(missing) == len(plans) == 6
        apply(client, plans, missing)
        assert differences(client, plans) == []


def test_a_changed_setting_is_said_and_set_right(topics: KafkaSettings) -> None:
    plans = wanted(changed(topics, alerts_days=7, partitions=5))
    with admin(topics) as client:
        found = differences(client, plans)
        said = {str(each).removeprefix(topics.prefix) for each in found}
        assert "alerts.v1: retention.ms is 7776000000, should be 604800000" in said
        assert "items.v1: partitions is 3, should be 5 (keys move to other partitions)" in said
        apply(client, plans, found)
        assert differences(client, plans) == []


def test_what_cannot_be_changed_is_said_and_left(topics: KafkaSettings) -> None:
    plans = wanted(changed(topics, partitions=2, replication=2))
    with admin(topics) as client:
        found = [each for each in differences(client, plans) if each.topic.endswith("items.v1")]
        assert {(each.what, each.kind) for each in found} >= {("partitions", "by_hand"), ("replication", "by_hand")}
        apply(client, plans, [each for each in found if each.kind == "by_hand"])
        assert {each.what for each in differences(client, plans)} >= {"partitions", "replication"}


def test_incidents_are_compacted_and_kept_forever(settings: KafkaSettings) -> None:
    plan = next(plan for plan in wanted(settings) if plan.name.endswith("incidents.v1"))
    assert (plan.configs["cleanup.policy"], plan.configs["retention.ms"]) == ("compact", "-1")


def test_copies_raise_what_must_be_in_sync(settings: KafkaSettings) -> None:
    plans = wanted(changed(settings, replication=3))
    assert {msgspec.structs.astuple(plan)[2] for plan in plans} == {3}
    assert {plan.configs["min.insync.replicas"] for plan in plans} == {"2"}


def test_nothing_creates_topics_by_itself(settings: KafkaSettings) -> None:
    producer = KafkaProducer(**client_options(settings), max_block_ms=2000)
    with pytest.raises(KafkaError):
        producer.send(f"{settings.prefix}never-made", b"x").get(3)
    producer.close()


def test_a_record_too_large_for_its_topic_is_refused_by_name(topics: KafkaSettings) -> None:
    sender = Sender(topics)
    with pytest.raises(RecordTooLargeError):
        sender.send([Record(topic=f"{topics.prefix}items.v1", key=b"k", value=b"x" * (3 << 20))])
    sender.send([Record(topic=f"{topics.prefix}extract.dlq.v1", key=b"k", value=b"x" * (3 << 20))])
    sender.close()


def test_a_record_that_unpacks_to_more_than_is_taken_is_refused(topics: KafkaSettings) -> None:
    """Else a few kilobytes could fill a worker's memory, or come back too large for the dead letters."""
    sender = Sender(topics, compression_type="gzip")
    with pytest.raises(RecordTooLargeError):
        sender.send([Record(topic=f"{topics.prefix}items.v1", key=b"k", value=b"x" * (8 << 20))])
    sender.send([Record(topic=f"{topics.prefix}items.v1", key=b"k", value=b"x" * 1000)])
    sender.close()


def test_a_sender_goes_on_after_its_broker_was_away(tmp_path: Path) -> None:
    server = Broker(tmp_path / "kafka").start()
    settings = KafkaSettings(bootstrap_servers=server.bootstrap, partitions=1)
    with admin(settings) as client:
        apply(client, wanted(settings), differences(client, wanted(settings)))
    sender, one = Sender(settings), Record(topic="items.v1", key=b"k", value=b"v")
    sender.send([one])
    server.kill()
    for _ in range(2):
        with pytest.raises(UnavailableError):
            sender.send([one], timeout=2)
    server.start()
    assert wait_for(lambda: _sends(sender, one), 60)
    sender.close()
    server.stop()


def _sends(sender: Sender, one: Record) -> bool:
    try:
        sender.send([one], timeout=10)
    except UnavailableError:
        return False
    return True
