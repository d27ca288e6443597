"""Structs ↔ bytes: JSON lines with errors that name the field, CloudEvents headers, schema names."""

import json
import re
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from processors.errors import ItemError
from processors.model import Alert
from producers.jsonl import MAX_LINE, decode_item, in_utc

__all__ = ["MAX_LINE", "alert_headers", "decode", "decode_item", "decode_text", "encode"]

SCHEMA = "urn:tocsin:schema:{name}:v1"  # only additions within v1; a breaking change is v2 on a topic of its own
_FIELD = re.compile(r" - at `\$\.?([^`]*)`$")
_MISSING = re.compile(r"missing required field `([^`]+)`")

T = TypeVar("T")


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `annotate`'s input: plain text that is taken as it is."""

    id: str | int
    text: str
    title: str | None = None
    published_at: datetime | None = None
    lang: str | None = None


def encode(value: Any) -> bytes:
    """JSON in the contract's spelling: UTF-8, times in UTC with `Z`."""
    return msgspec.json.encode(value)


def decode_text(line: bytes) -> Text:
    """One document for `annotate`. Raises ItemError with the field at fault."""
    text = decode(line, Text)
    published = in_utc(text.published_at, "published_at") if text.published_at else None
    return msgspec.structs.replace(text, published_at=published)


def decode(line: bytes, kind: type[T]) -> T:
    """One JSON value of the kind. Raises ItemError where it is no JSON, or not of that kind."""
    if len(line) > MAX_LINE:
        raise ItemError(f"longer than {MAX_LINE} bytes")
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.ValidationError as error:
        raise _named(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _decode_loosely(line, kind)


def _decode_loosely(line: bytes, kind: type[T]) -> T:
    """Takes what others write and strict JSON refuses: a byte order mark, lone surrogates in `\\ud…` escapes."""
    try:
        plain = json.dumps(json.loads(line.decode("utf-8-sig")), ensure_ascii=False).encode("utf-8", "replace")
        return msgspec.json.decode(plain, type=kind)
    except msgspec.ValidationError as error:
        raise _named(str(error)) from None
    except (ValueError, RecursionError) as error:
        raise ItemError(f"is no JSON: {error}") from None


def _named(message: str) -> ItemError:
    if missing := _MISSING.search(message):
        return ItemError("is missing", missing[1])
    field = _FIELD.search(message)
    return ItemError(_FIELD.sub("", message), field[1] or None if field else None)


def alert_headers(alert: Alert, source: str) -> dict[str, str]:
    """CloudEvents 1.0 attributes in Kafka's binary mode; `source` is '/<deployment>/<stage>'."""
    return {
        "ce_specversion": "1.0",
        "ce_id": alert.alert_id,
        "ce_type": "io.tocsin.alert.v1",
        "ce_source": source,
        "ce_subject": alert.incident_id,
        "ce_time": alert.sent_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "ce_dataschema": SCHEMA.format(name="alert"),
        "content-type": "application/json",
    }
