"""What is fuzzed: each parser as a function of bytes, which may refuse them in its own words and in no other way."""

import io
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from processors.errors import ConfigError, ItemError
from processors.model import Item
from producers import entries, opml, state
from producers.feeds import parse_feed
from producers.jsonl import decode_item, read_items
from producers.parsed import ParseFailedError, Rejected
from producers.preview_page import parse_preview
from producers.sources import Source, parse
from producers.state import SourceState
from producers.telegram import take
from producers.telegram_bot import _taken
from producers.telegram_export import read_stream

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SOURCE = Source(id="fuzz", url="https://fuzz.example/feed")
EMPTY = SourceState(source_id="fuzz")

Target = Callable[[bytes], None]


def feed(data: bytes) -> None:
    """A body as a feed: entries, items, and the state that is stored."""
    try:
        parsed = parse_feed(data, "", SOURCE.url)
    except ParseFailedError:
        return
    msgspec.msgpack.encode(parsed)
    read = entries.read(SOURCE, EMPTY, parsed, NOW)
    _storable(read.items, msgspec.structs.replace(EMPTY, seen=read.seen))
    again = entries.read(SOURCE, msgspec.structs.replace(EMPTY, seen=read.seen), parsed, NOW)
    assert again.items == (), "what was read once is new again"


def preview(data: bytes) -> None:
    """A body as a preview page."""
    page = parse_preview(data)
    msgspec.msgpack.encode(page)
    taken = take(SOURCE, EMPTY, page.posts, "fuzz_channel", NOW)
    _storable(taken.items, taken.state)


def export(data: bytes) -> None:
    """A text as Telegram Desktop's export."""
    for found in read_stream(io.StringIO(data.decode("utf-8", "replace")), SOURCE, NOW):
        msgspec.json.encode(found)


def bot(data: bytes) -> None:
    """JSON as the updates of the Bot API."""
    try:
        updates = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    if isinstance(updates, list):
        result = _taken(msgspec.structs.replace(SOURCE, url="*"), EMPTY, updates, NOW)
        _storable(result.items, result.state)


def item(data: bytes) -> None:
    """Lines as items."""
    for found in read_items(data.splitlines(keepends=True)):
        assert isinstance(found, Item | Rejected)
        if isinstance(found, Item):
            try:
                assert decode_item(msgspec.json.encode(found)) == found
            except ItemError as error:
                raise AssertionError(f"an item that was read is none when written: {error}") from error


def source_list(data: bytes) -> None:
    """A text as a source list, and as OPML."""
    with suppress(ConfigError):
        parse(data.decode("utf-8", "replace"))
    with suppress(ConfigError):
        opml.read(data)


def _storable(items: tuple[Item, ...], kept: SourceState) -> None:
    for one in items:
        assert decode_item(msgspec.json.encode(one)) == one
    assert state.decode(state.encode(kept)) == kept


TARGETS: dict[str, Target] = {
    "feed": feed,
    "preview": preview,
    "export": export,
    "bot": bot,
    "item": item,
    "source_list": source_list,
}
