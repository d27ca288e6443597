"""Items as JSON lines: read one by one, each checked; a line that is no item comes back with its number and reason."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

import msgspec

from processors.errors import ItemError
from processors.model import Item
from producers.parsed import Rejected

MAX_LINE = 16 * 1024 * 1024  # bytes
RAW_KEPT = 1024 * 1024  # bytes of a rejected line that are kept
MAX_ID = 512  # characters
MAX_REVISION = 2**31 - 1
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
FIELD = re.compile(r" - at `\$\.?([^`]*)`$")
MISSING = re.compile(r"missing required field `([^`]+)`")


def read_items(lines: Iterable[bytes]) -> Iterator[Item | Rejected]:
    """An `Item` or a `Rejected` for each line that is not blank, as they come. `lines` may be an open binary file."""
    for number, line in enumerate(lines, 1):
        data = line.rstrip(b"\r\n")
        if not data.strip():
            continue
        try:
            yield decode_item(data)
        except ItemError as error:
            yield Rejected(number=number, reason=error.reason, field=error.field, raw=data[:RAW_KEPT])


def bounded_lines(stream: BinaryIO, most: int = MAX_LINE) -> Iterator[bytes]:
    """The lines of a binary stream; of a line that is too long only the first `most` + 1 bytes: memory is bounded."""
    while line := stream.readline(most + 1):
        yield line
        while not line.endswith(b"\n") and len(line) > most and (rest := stream.readline(1 << 20)):
            if rest.endswith(b"\n"):
                break


def decode_item(line: bytes) -> Item:
    """One JSON object as an item, times in UTC; raises `ItemError` with the field at fault."""
    if len(line) > MAX_LINE:
        raise ItemError(f"longer than {MAX_LINE} bytes")
    pairs = _loads(line)
    try:
        item = msgspec.convert(pairs, Item)
    except msgspec.ValidationError as error:
        raise _named(str(error)) from None
    _check_ids(item)
    published = in_utc(item.published_at, "published_at")
    fetched = in_utc(item.fetched_at, "fetched_at") if item.fetched_at else None
    return msgspec.structs.replace(item, published_at=published, fetched_at=fetched)


def _loads(line: bytes) -> Any:
    try:
        text = line.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_unique)
    except ItemError:
        raise
    except RecursionError:
        raise ItemError("is nested too deeply") from None
    except ValueError as error:
        raise ItemError(f"is no JSON in UTF-8: {error}") from None
    return _without_surrogates(value) if "\\ud" in text or "\\uD" in text else value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ItemError("is there twice", next(name for name in names if names.count(name) > 1))
    return found


def _without_surrogates(value: Any) -> Any:
    """Lone halves of surrogate pairs, which no UTF-8 can hold, become question marks."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(one) for key, one in value.items()}
    return [_without_surrogates(one) for one in value] if isinstance(value, list) else value


def _named(message: str) -> ItemError:
    if missing := MISSING.search(message):
        return ItemError("is missing", missing[1])
    field = FIELD.search(message)
    return ItemError(FIELD.sub("", message), (field[1] or None) if field else None)


def _check_ids(item: Item) -> None:
    for field, value in (("source_id", item.source_id), ("external_id", item.external_id)):
        if not value or len(value) > MAX_ID or CONTROL.search(value):
            raise ItemError(f"needs 1 to {MAX_ID} printable characters", field)
    if not 0 <= item.revision <= MAX_REVISION:
        raise ItemError("is out of range", "revision")


def in_utc(time: datetime, field: str) -> datetime:
    """The instant in UTC. Raises ItemError, naming the field, where it has no zone or lies outside 1970 to 2200."""
    if time.tzinfo is None:
        raise ItemError("has no time zone", field)
    try:
        utc = time.astimezone(UTC)
    except OverflowError:
        raise ItemError("is out of range", field) from None
    if not 1970 <= utc.year < 2200:
        raise ItemError("is out of range", field)
    return utc
