"""Items as JSON lines: every line an item or a rejection with its reason."""

import io
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.model import Item
from producers.jsonl import bounded_lines, read_items
from producers.parsed import Rejected

GOOD = {
    "source_id": "s",
    "external_id": "1",
    "kind": "new",
    "published_at": "2026-03-01T12:00:00Z",
    "body": "Shots heard.",
}


def read(*lines: bytes) -> list[Item | Rejected]:
    return list(read_items(lines))


def test_an_item_and_its_defaults() -> None:
    (item,) = read(json.dumps(GOOD).encode() + b"\r\n")
    assert isinstance(item, Item)
    assert (item.channel, item.revision, item.key) == ("feed", 0, "s/1")


def changed(**values: object) -> bytes:
    return json.dumps(GOOD | values).encode()


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"{", None),
        (b"[]", None),
        (b"\xff\xfe{}", None),
        (b'"' + b"[" * 10, None),
        (b"[" * 100_000, None),
        (changed(kind="changed"), "kind"),
        (changed(published_at="yesterday"), "published_at"),
        (changed(published_at="2026-03-01T12:00:00"), "published_at"),
        (changed(published_at="0001-01-01T00:00:00+14:00"), "published_at"),
        (changed(published_at="9999-12-31T23:59:59-14:00"), "published_at"),
        (changed(source_id=""), "source_id"),
        (changed(external_id="a\nb"), "external_id"),
        (changed(external_id=5), "external_id"),
        (changed(revision=-1), "revision"),
        (changed(revision=1e300), "revision"),
        (changed(body=None), "body"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "body"}).encode(), "body"),
        (json.dumps(GOOD).encode()[:-1] + b', "kind": "deleted"}', "kind"),
    ],
)
def test_what_is_no_item_comes_back_with_its_reason(line: bytes, field: str | None) -> None:
    good = json.dumps(GOOD).encode()
    before, rejected, after = read(good, line, good)
    assert isinstance(rejected, Rejected)
    assert (rejected.number, rejected.field, rejected.raw) == (2, field, line)
    assert isinstance(before, Item) and isinstance(after, Item)


def test_odd_but_good_lines() -> None:
    bom = b"\xef\xbb\xbf" + json.dumps(GOOD).encode()
    half = changed(body="\ud83d broken pair")
    unknown = changed(reactions=[1, 2])
    assert all(isinstance(item, Item) for item in read(bom, half, unknown, changed(body="\x00 \u202e \U0001f4a5")))
    assert read(b"", b"   \n", b"\r\n") == []


def test_a_huge_line_costs_little_and_loses_only_itself() -> None:
    good = json.dumps(GOOD).encode() + b"\n"
    stream = io.BytesIO(good + b'{"body": "' + b"x" * 5_000_000 + b'"}\n' + good)
    first, huge, last = read_items(bounded_lines(stream, 100_000))
    assert isinstance(first, Item) and isinstance(last, Item)
    assert isinstance(huge, Rejected) and len(huge.raw) <= 100_001


@given(st.binary(max_size=200) | st.from_type(Item).map(msgspec.json.encode))
def test_any_line_is_an_item_or_rejected(line: bytes) -> None:
    for found in read(line.replace(b"\n", b" ")):
        assert isinstance(found, Item | Rejected)
