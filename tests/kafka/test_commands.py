"""The commands as a person calls them, on a real broker."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from streams import codec
from streams.kafka_io import Record, Sender
from streams.kafka_settings import KafkaSettings
from tests.kafka import harness
from tests.kafka.harness import Workers, item, record, wait_for

pytestmark = pytest.mark.kafka
MAIN = "from streams.cli import main; main()"


class Tocsin:
    """`tocsin` with these settings; keeps what the last call printed."""

    def __init__(self, settings: KafkaSettings, folder: Path) -> None:
        self.environment = harness.environment(settings, f"sqlite:///{folder / 'state.db'}")
        self.folder = folder

    def __call__(self, *words: str, status: int = 0, feed: bytes = b"") -> list[str]:
        run = [sys.executable, "-c", MAIN, *words]
        done = subprocess.run(run, env=self.environment, cwd=self.folder, input=feed, capture_output=True, timeout=120)
        self.said = done.stderr.decode()
        assert done.returncode == status, self.said
        return done.stdout.decode().splitlines()


@pytest.fixture
def tocsin(settings: KafkaSettings, folder: Path) -> Tocsin:
    return Tocsin(settings, folder)


def test_topics_are_planned_then_applied(tocsin: Tocsin) -> None:
    assert len(tocsin("topics", "plan", status=1)) == 6
    tocsin("topics", "apply")
    assert tocsin("topics", "plan") == []
    assert "0 differences" in tocsin.said


def test_produce_writes_items_and_puts_aside_what_is_none(tocsin: Tocsin, topics: KafkaSettings) -> None:
    good = [item("a", str(n), f"text {n}") for n in range(5)]
    large = item("a", "large", "x" * (2 << 20))
    lines = [codec.encode(each) for each in (*good, large)] + [b"no JSON", b'{"source_id": "a"}']
    tocsin("produce", "--from", "-", feed=b"\n".join(lines) + b"\n", status=1)
    assert "5 items sent, 3 rejected" in tocsin.said
    there = harness.read_topic(topics, "items.v1")
    assert {each.key for each in there} == {each.key.encode() for each in good}
    assert {each.header("ce_id") for each in there} == {each.ref for each in good}
    buried = {letter.original.value: letter.code for letter in harness.letters(topics, "extract")}
    expected = {
        b"no JSON": "item_invalid",
        b'{"source_id": "a"}': "item_invalid",
        codec.encode(large): "record_too_large",
    }
    assert buried == expected


def test_letters_are_listed_shown_replayed_and_purged(
    tocsin: Tocsin, topics: KafkaSettings, database: str, folder: Path
) -> None:
    broken = msgspec.structs.replace(record(topics, item("a", "1", "x")), value=b"\xff no JSON", key=b"\xfe")
    Sender(topics).send([broken, record(topics, item("p", "1", "poison"))])
    with Workers(topics, database, folder).start("extract"):
        assert wait_for(lambda: len(list(harness.letters(topics, "extract"))) == 2)
    listed = [json.loads(line) for line in tocsin("dlq", "list")]
    assert {each["code"] for each in listed} == {"item_invalid", "internal"}
    names = {each["code"]: each["letter"] for each in listed}
    shown = json.loads(tocsin("dlq", "show", names["item_invalid"])[0])
    assert shown["value"] == {"base64": "/yBubyBKU09O"} and shown["key"] == {"base64": "/g=="}
    tocsin("dlq", "replay")
    assert "2 replayed" in tocsin.said and tocsin("dlq", "list") == []
    again = [each for each in harness.read_topic(topics, "items.v1") if each.header("x-attempts") == "1"]
    assert {each.value for each in again} == {broken.value, codec.encode(item("p", "1", "poison"))}
    assert len(tocsin("dlq", "list", "--all")) == 2
    tocsin("dlq", "purge")
    assert len(tocsin("dlq", "list", "--all")) == 2, "without --yes nothing goes"
    tocsin("dlq", "purge", "--yes")
    assert tocsin("dlq", "list", "--all") == []


def test_a_replayed_letter_that_fails_again_counts_its_attempts(
    topics: KafkaSettings, database: str, folder: Path, tocsin: Tocsin
) -> None:
    Sender(topics).send([record(topics, item("p", "1", "poison"))])
    with Workers(topics, database, folder).start("extract"):
        assert wait_for(lambda: list(harness.letters(topics, "extract")))
        tocsin("dlq", "replay")
        assert wait_for(lambda: [each.attempts for each in harness.letters(topics, "extract")] == [2])


def test_tail_shows_each_alert_once_and_filters(tocsin: Tocsin, topics: KafkaSettings) -> None:
    incident = next(iter(harness.embedded(harness.stream(30)).values()))
    alert = {"version": 1, "reason": [], "sent_at": "2026-03-01T00:00:00Z", "headline": "h", "incident": incident}
    records = []
    for n, (kind, severity) in enumerate((("new", "minor"), ("update", "severe"), ("update", "severe"))):
        whole = alert | {"alert_id": f"a{n}", "incident_id": f"i{n}", "kind": kind, "severity": severity}
        records.append(Record(topic=f"{topics.prefix}alerts.v1", key=b"k", value=codec.encode(whole)))
    no_alert = Record(topic=f"{topics.prefix}alerts.v1", key=b"k", value=b"no JSON")
    Sender(topics).send([*records, no_alert, records[0]])
    lines = tocsin("tail", "--from-start", "--json", "--idle", "3")
    assert sorted(json.loads(line)["alert_id"] for line in lines) == ["a0", "a1", "a2"]
    severe = tocsin("tail", "--from-start", "--json", "--idle", "3", "--severity", "severe")
    assert {json.loads(line)["alert_id"] for line in severe} == {"a1", "a2"}
    assert tocsin("tail", "--from-start", "--json", "--idle", "3", "--country", "ZZ", "--type", "riot") == []
    assert tocsin("tail", "--idle", "2") == []
    tocsin("tail", "--severity", "sever", status=2)
    assert "sever" in tocsin.said and len(tocsin.said.strip().splitlines()) == 1


def test_a_broker_that_is_not_there_is_said_in_one_line(folder: Path) -> None:
    away = Tocsin(KafkaSettings(bootstrap_servers="127.0.0.1:1"), folder)
    away("topics", "plan", status=1)
    assert away.said.strip().splitlines()[-1].startswith("tocsin: Kafka: ")
