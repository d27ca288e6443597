"""Dead letters on Kafka: original key, bytes and headers, with headers that say where they came from and what failed.

Each stage has a topic of its own. What was replayed lies below the offset committed for the topic's desk group, so
nothing has to be rewritten; `purge` has the brokers delete it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.admin import KafkaAdminClient

from processors.errors import TocsinError
from streams.kafka_envelope import Original, as_headers
from streams.kafka_io import Headers, Record, Sender, broker_errors, partitions, reader
from streams.kafka_settings import KafkaSettings

OWN = "x-"  # prefix of the headers that are put on and, on replay, taken off
REASON = 500  # characters of the reason that are kept
NOTHING = b""  # stands for a null value, which a record without a key cannot have; x-original-null tells them apart


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A dead letter as it lies in its topic. `original` has the headers it came with, and the place where it failed."""

    topic: str
    partition: int
    offset: int
    original: Original
    stage: str
    code: str
    reason: str
    attempts: int

    @property
    def name(self) -> str:
        """What commands call it."""
        return f"{self.partition}:{self.offset}"


def letter(topic: str, stage: str, original: Original, code: str, reason: str) -> Record:
    """The record for a stage's dead-letter topic."""
    was_null = original.value is None
    own = {
        "x-error-code": code,
        "x-error-message": reason[:REASON],
        "x-error-stage": stage,
        "x-original-topic": original.topic,
        "x-original-partition": str(original.partition),
        "x-original-offset": str(original.offset),
        "x-original-timestamp": str(original.timestamp),
        "x-attempts": str(attempts(original) + 1),
    } | ({"x-original-null": "true"} if was_null else {})
    kept = tuple((name, value) for name, value in original.headers if not name.startswith(OWN))
    value = NOTHING if was_null and original.key is None else original.value
    return Record(topic=topic, key=original.key, value=value, headers=kept + tuple(as_headers(own.items())))


def attempts(original: Original) -> int:
    """How often this record has failed before, as its own header says."""
    said = original.header("x-attempts") or ""
    return int(said) if said.isdecimal() and len(said) < 6 else 0


def as_letter(record: Original) -> Letter:
    """Reads a record of a dead-letter topic; what somebody else put there has code `foreign`."""

    def number(name: str) -> int:
        said = record.header(name) or ""
        return int(said) if said.isdecimal() else -1

    original = Original(
        topic=record.header("x-original-topic") or "",
        partition=number("x-original-partition"),
        offset=number("x-original-offset"),
        timestamp=number("x-original-timestamp"),
        key=record.key,
        value=None if record.header("x-original-null") else record.value,
        headers=tuple((name, value) for name, value in record.headers if not name.startswith(OWN)),
    )
    return Letter(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        original=original,
        stage=record.header("x-error-stage") or "unknown",
        code=record.header("x-error-code") or "foreign",
        reason=record.header("x-error-message") or "",
        attempts=attempts(record),
    )


def as_original(message: Any) -> Original:
    """A kafka-python record with its bytes untouched."""
    return Original(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=message.timestamp,
        key=message.key,
        value=message.value,
        headers=tuple(message.headers),
    )


class Desk:
    """What people do with the dead letters of one topic: look, send again, let go."""

    def __init__(self, settings: KafkaSettings, topic: str) -> None:
        self.settings, self.topic, self.group = settings, topic, f"{topic}.desk"

    def letters(self, done_too: bool = False) -> Iterator[Letter]:
        """In order; without `done_too` only those not yet replayed or purged. Ends at what was there when it began."""
        consumer = reader(self.settings, group_id=self.group)
        try:
            with broker_errors():
                yield from self._read(consumer, done_too)
        finally:
            consumer.close()

    def replay(self, chosen: list[Letter]) -> int:
        """Sends the originals to where they failed; then all letters up to the last count as done."""
        sender = Sender(self.settings)
        try:
            sender.send(_again(each) for each in chosen)
        finally:
            sender.close()
        self.done(chosen)
        return len(chosen)

    def done(self, chosen: list[Letter]) -> None:
        """Moves the desk's mark past these letters, never back."""
        consumer = reader(self.settings, group_id=self.group)
        try:
            with broker_errors():
                marks: dict[TopicPartition, OffsetAndMetadata] = {}
                for partition, offset in _last(chosen).items():
                    where = TopicPartition(self.topic, partition)
                    marks[where] = OffsetAndMetadata(max(offset + 1, consumer.committed(where) or 0), "", -1)
                consumer.assign(list(marks))
                consumer.commit(marks)
        finally:
            consumer.close()

    def purge(self, client: KafkaAdminClient, chosen: list[Letter]) -> None:
        """Deletes these letters and all before them from the brokers."""
        with broker_errors():
            client.delete_records({TopicPartition(self.topic, p): o + 1 for p, o in _last(chosen).items()})

    def _read(self, consumer: KafkaConsumer, done_too: bool) -> Iterator[Letter]:
        parts = partitions(consumer, self.topic)
        consumer.assign(parts)
        ends = consumer.end_offsets(parts)
        for part, first in consumer.beginning_offsets(parts).items():
            mark = 0 if done_too else consumer.committed(part) or 0
            consumer.seek(part, min(max(first, mark), ends[part]))
        while any(consumer.position(part) < ends[part] for part in parts):
            for messages in consumer.poll(timeout_ms=500).values():
                yield from (as_letter(as_original(message)) for message in messages)


def _again(each: Letter) -> Record:
    if not each.original.topic:
        raise TocsinError(f"{each.name}: does not say which topic it came from")
    headers: Headers = (*each.original.headers, ("x-attempts", str(each.attempts).encode()))
    return Record(topic=each.original.topic, key=each.original.key, value=each.original.value, headers=headers)


def _last(chosen: list[Letter]) -> dict[int, int]:
    last: dict[int, int] = {}
    for each in chosen:
        last[each.partition] = max(each.offset, last.get(each.partition, -1))
    return last
