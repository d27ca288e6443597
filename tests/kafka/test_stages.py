"""Items through extract, resolve and relay as real processes on a real broker and PostgreSQL."""

import random
from pathlib import Path

import msgspec
import pytest
import sqlalchemy
from kafka.admin import ConfigResource, ConfigResourceType

from processors.model import Alert, ItemMentions
from streams.kafka_io import Record, RecordTooLargeError, Sender, admin
from streams.kafka_settings import KafkaSettings
from tests.kafka import harness
from tests.kafka.harness import Workers, item, record, wait_for

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]


def test_items_become_incidents_and_alerts(topics: KafkaSettings, database: str, folder: Path) -> None:
    sender = Sender(topics)
    sender.send(record(topics, each) for each in harness.stream(60))
    with Workers(topics, database, folder).start("extract", "resolve", "relay"):
        assert wait_for(lambda: len(harness.read_topic(topics, "mentions.v1")) >= len(harness.stream(60)))
        assert wait_for(lambda: len(harness.incidents(topics)) > 3), (folder / "resolve.log").read_text()[-3000:]
        assert wait_for(lambda: harness.alerts(topics))
    for each in harness.read_topic(topics, "mentions.v1"):
        told = msgspec.json.decode(each.value or b"", type=ItemMentions)
        assert each.header("ce_id") == told.item and each.header("ce_type") == "io.tocsin.mentions.v1"
    for each in harness.read_topic(topics, "alerts.v1"):
        alert = msgspec.json.decode(each.value or b"", type=Alert)
        assert (each.header("ce_id"), each.key) == (alert.alert_id, alert.incident_id.encode())
        assert each.header("ce_subject") == alert.incident_id and each.header("ce_type") == "io.tocsin.alert.v1"


def test_what_cannot_be_read_is_put_aside_with_its_bytes(topics: KafkaSettings, database: str, folder: Path) -> None:
    good = record(topics, item("a", "1", harness.telling(0)))
    replace = msgspec.structs.replace
    bare = [pair for pair in good.headers if pair[0] != "ce_type"]
    newer = [*bare, ("ce_type", b"io.tocsin.item.v9")]
    bad = {
        "item_invalid": [replace(good, value=b"\xff\x00 no JSON"), replace(good, value=b'{"source_id": "a"}')],
        "value_null": [replace(good, value=None)],
        "key_wrong": [replace(good, key=b"b/2"), replace(good, key=None)],
        "schema_unknown": [replace(good, headers=newer)],
        "header_missing": [replace(good, headers=()), replace(good, headers=bare)],
        "internal": [record(topics, item("p", "1", "poison"))],
        "reader_crashed": [record(topics, item("c", "1", "crash"))],
        "reader_timeout": [record(topics, item("h", "1", "hang"))],
    }
    sent = [each for group in bad.values() for each in group]
    last = record(topics, item("z", "1", harness.telling(1)))
    Sender(topics).send([*sent[:6], good, *sent[6:], last])
    quick = topics.model_copy(update={"read_seconds": 2.0})
    with Workers(quick, database, folder).start("extract"):
        assert wait_for(lambda: len(list(harness.letters(topics, "extract"))) >= len(sent))
        assert wait_for(lambda: len(harness.read_topic(topics, "mentions.v1")) == 2)
    found = list(harness.letters(topics, "extract"))
    for code, group in bad.items():
        there = {(letter.original.key, letter.original.value) for letter in found if letter.code == code}
        assert there == {(each.key, each.value) for each in group}, code
    by_place = {(each.partition, each.offset): each for each in harness.read_topic(topics, "items.v1")}
    for letter in found:
        source = by_place[letter.original.partition, letter.original.offset]
        assert letter.original.topic == source.topic == f"{topics.prefix}items.v1"
        assert letter.original.headers == source.headers and letter.original.timestamp == source.timestamp
        assert letter.attempts == 1 and letter.stage == "extract" and letter.reason


def test_bad_mentions_do_not_stop_the_resolver(topics: KafkaSettings, database: str, folder: Path) -> None:
    topic = f"{topics.prefix}mentions.v1"
    bad = [
        Record(topic=topic, key=b"k", value=b"\x00\x01", headers=()),
        Record(topic=topic, key=b"k", value=b"{}", headers=[("ce_type", b"io.tocsin.mentions.v1")]),
        Record(topic=topic, key=b"k", value=None, headers=()),
    ]
    sender = Sender(topics)
    sender.send(bad)
    sender.send([record(topics, item("a", "1", harness.telling(2)))])
    with Workers(topics, database, folder).start("resolve", "extract", "relay"):
        assert wait_for(lambda: harness.incidents(topics))
    codes = sorted(letter.code for letter in harness.letters(topics, "resolve"))
    assert codes == ["header_missing", "header_missing", "value_null"]


def test_a_record_of_ten_megabytes_is_put_aside_whole(topics: KafkaSettings, database: str, folder: Path) -> None:
    with admin(topics) as client:  # the planned topic would refuse it
        size = {"max.message.bytes": str(16 << 20)}
        client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, f"{topics.prefix}items.v1", size)])
    large = record(topics, item("a", "1", "x" * (10 << 20)))
    after = record(topics, item("a", "2", harness.telling(1)))
    wait_for(lambda: _taken(topics, large), 30)
    Sender(topics).send([after])
    with Workers(topics, database, folder).start("extract"):
        assert wait_for(lambda: list(harness.letters(topics, "extract")))
        assert wait_for(lambda: harness.read_topic(topics, "mentions.v1"))
    (letter,) = harness.letters(topics, "extract")
    assert (letter.code, letter.original.value) == ("record_too_large", large.value)


def _taken(topics: KafkaSettings, large: Record) -> bool:
    """Whether the broker takes it by now: a changed topic setting takes effect a moment later."""
    try:
        Sender(topics).send([large])
    except RecordTooLargeError:
        return False
    return True


def test_what_the_database_refuses_is_put_aside(topics: KafkaSettings, database: str, folder: Path) -> None:
    """A key that no index takes is the record's fault: waiting for the database would hold up all behind it."""
    chance = random.Random(3)
    source, external = ("".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(512)) for _ in range(2))
    long, after = item(source, external, harness.telling(1)), item("a", "1", harness.telling(2))
    Sender(topics).send([record(topics, long), record(topics, after)])
    with Workers(topics, database, folder).start("extract", "resolve", "relay"):
        assert wait_for(lambda: list(harness.letters(topics, "resolve")), 60), (folder / "resolve.log").read_text()
        assert wait_for(lambda: harness.incidents(topics))
    (letter,) = harness.letters(topics, "resolve")
    assert letter.original.header("ce_id") == long.ref


def test_a_database_that_takes_no_writing_is_waited_for(topics: KafkaSettings, database: str, folder: Path) -> None:
    """As after a failover to a standby: nothing is put aside, and all goes on when it takes them."""
    with Workers(topics, database, folder).start("extract", "resolve", "relay"):
        Sender(topics).send([record(topics, item("a", "1", harness.telling(1)))])
        assert wait_for(lambda: len(harness.incidents(topics)) == 1)
        _read_only(database, True)
        Sender(topics).send([record(topics, item("b", "2", harness.telling(5, kind="riot")))])
        assert wait_for(lambda: "waiting for the database" in (folder / "resolve.log").read_text(), 60)
        _read_only(database, False)
        assert wait_for(lambda: len(harness.incidents(topics)) == 2)
    assert list(harness.letters(topics, "resolve")) == []


def _read_only(database: str, yes: bool) -> None:
    """From now on, for all sessions; those that are open end."""
    name = database.rsplit("/", 1)[1]
    engine = sqlalchemy.create_engine(database.replace(name, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"ALTER DATABASE {name} SET default_transaction_read_only = {yes}"))
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(sqlalchemy.text(end), {"name": name})
    engine.dispose()
