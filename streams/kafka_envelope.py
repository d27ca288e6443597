"""CloudEvents 1.0, binary mode, on Kafka: the headers of every record, and what a record must have to be processed.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from processors.errors import InputError
from processors.model import Incident, Item, ItemMentions
from streams import codec, topology
from streams.kafka_io import Headers

REQUIRED = ("ce_specversion", "ce_id", "ce_type", "ce_source")
ITEM_TYPE, MENTIONS_TYPE, INCIDENT_TYPE = (f"io.tocsin.{name}.v1" for name in ("item", "mentions", "incident"))


class HeaderError(InputError):
    """A header that must be there is not."""

    code = "header_missing"


class SchemaError(InputError):
    """The record says that it is of another type or version than this topic's."""

    code = "schema_unknown"


class KeyMismatchError(InputError):
    """The key is not the one that the value calls for, so the record may stand in the wrong partition."""

    code = "key_wrong"


class NullError(InputError):
    """A record without a value."""

    code = "value_null"


class TooLargeError(InputError):
    """A value beyond the limit that the settings give."""

    code = "record_too_large"


class Original(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it came: bytes, and where it stands. `timestamp` is milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()

    def header(self, name: str) -> str | None:
        """The last header of that name, as text."""
        return next((value.decode("utf-8", "replace") for key, value in reversed(self.headers) if key == name), None)


def item_headers(item: Item, deployment: str) -> Headers:
    return _headers(ITEM_TYPE, item.ref, item.key, item.published_at, f"/{deployment}/produce")


def mentions_headers(told: ItemMentions, deployment: str) -> Headers:
    subject = f"{told.source_id}/{told.external_id}"
    return _headers(MENTIONS_TYPE, told.item, subject, told.published_at, f"/{deployment}/extract")


def incident_headers(incident: Incident, deployment: str) -> Headers:
    event_id = f"{incident.incident_id}@{incident.version}"
    time = incident.updated_at or topology.EPOCH
    return _headers(INCIDENT_TYPE, event_id, incident.incident_id, time, f"/{deployment}/resolve")


def as_headers(pairs: Iterable[tuple[str, str]]) -> Headers:
    return tuple((name, value.encode()) for name, value in pairs)


def _headers(kind: str, event_id: str, subject: str, time: datetime, source: str) -> Headers:
    return as_headers(
        (
            ("ce_specversion", "1.0"),
            ("ce_id", event_id),
            ("ce_type", kind),
            ("ce_source", source),
            ("ce_subject", subject),
            ("ce_time", time.astimezone(UTC).isoformat().replace("+00:00", "Z")),
            ("ce_dataschema", codec.SCHEMA.format(name=kind.split(".")[2])),
            ("content-type", "application/json"),
        )
    )


def value_of(record: Original, kind: str, largest: int) -> bytes:
    """The value of a record that is fit to be decoded; else an InputError that says why not."""
    if record.value is None:
        raise NullError("the record has no value")
    if len(record.value) > largest:
        raise TooLargeError(f"{len(record.value)} bytes, at most {largest} are taken")
    if missing := [name for name in REQUIRED if record.header(name) is None]:
        raise HeaderError(f"no header {', '.join(missing)}")
    if record.header("ce_type") != kind:
        raise SchemaError(f"ce_type is {record.header('ce_type')!r}, this topic holds {kind}")
    return record.value


def item_of(record: Original, largest: int) -> Item:
    """The item in a record of `items.v1`. Raises an InputError by what is wrong."""
    item = codec.decode_item(value_of(record, ITEM_TYPE, largest))
    if record.key != topology.item_key(item).encode():
        raise KeyMismatchError(f"key is {record.key!r}, should be {topology.item_key(item)!r}")
    return item


def mentions_of(record: Original, largest: int) -> ItemMentions:
    """What an item tells, from a record of `mentions.v1`. Raises an InputError by what is wrong."""
    value = value_of(record, MENTIONS_TYPE, largest)
    try:
        told = msgspec.json.decode(value, type=ItemMentions)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SchemaError(f"no ItemMentions: {error}") from None
    if record.key is None:  # which one it is matters to nobody: writers are alone by lock, and the rule may change
        raise KeyMismatchError("the record has no key")
    return told
