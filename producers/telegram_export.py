"""Telegram Desktop's JSON export (`result.json`) of one channel, or of a whole account, read as a stream.

Format: core.telegram.org/import-export. Of an account only public channels are read, unless told otherwise. The export
says neither a channel's public name nor what was deleted. A post that was edited has the time of its edit as its
revision, so that a later export of the same channel adds what changed and repeats nothing.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import msgspec
from msgspec.structs import replace

from processors.errors import ItemError
from processors.model import Item
from producers import health
from producers.albums import Part, joined
from producers.json_stream import JsonStream
from producers.parsed import Rejected
from producers.poll import PollResult
from producers.sources import Source
from producers.state import SourceState
from producers.telegram import Piece, Post, clean, item_of, moment, number

PUBLIC = frozenset({"public_channel"})
MOST = 2000  # posts in one poll
MEDIA = ("photo", "file", "media_type")


class Chat(msgspec.Struct, frozen=True, kw_only=True):
    """A chat's head, which stands before its messages."""

    id: int = 0
    kind: str = ""
    name: str | None = None


def read_export(path: Path, source: Source, now: datetime) -> Iterator[Item | Rejected]:
    """The posts of an export as items, in its order, and what could not be read."""
    with path.open(encoding="utf-8", errors="replace") as stream:
        yield from read_stream(stream, source, now)


def poll_export(source: Source, state: SourceState, now: datetime) -> PollResult:
    """Reads the next posts of an export file; from the beginning again when the file has changed."""
    path = Path(source.url)
    try:
        about = path.stat()
        mark = f"{about.st_mtime_ns}-{about.st_size}"
        start = state.cursor if state.etag == mark else 0
        found = list(islice(read_export(path, source, now), start, start + MOST))
    except OSError as error:
        unwell = health.failed(state.health, now, "file", str(error))
        kept = replace(state, health=unwell, next_poll=now + source.interval)
        return PollResult(source_id=source.id, outcome="file", state=kept, notes=(f"{path}: {error}",))
    items = tuple(one for one in found if isinstance(one, Item))
    rejected = tuple(one for one in found if isinstance(one, Rejected))
    outcome = "new" if items else "unchanged"
    well = health.succeeded(state.health, now, outcome, len(items), len(found), len(rejected))
    when = now if len(found) == MOST else now + source.interval
    kept = replace(state, etag=mark, cursor=start + len(found), health=well, next_poll=when)
    return PollResult(source_id=source.id, outcome=outcome, state=kept, items=items, rejected=rejected)


def read_stream(stream: TextIO, source: Source, now: datetime) -> Iterator[Item | Rejected]:
    """As `read_export`, from an open text. Broken JSON ends it with a `Rejected`."""
    try:
        yield from _root(JsonStream(stream), source, now)
    except ItemError as error:
        yield Rejected(number=0, reason=f"the export {error.reason}", field=error.field)


def _root(reader: JsonStream, source: Source, now: datetime) -> Iterator[Item | Rejected]:
    head = Chat()
    for key in reader.members():
        if key == "messages" and reader.next_is("["):
            yield from _messages(reader, head, source, now)
        elif key in ("chats", "left_chats") and reader.next_is("{"):
            yield from _chats(reader, source, now)
        else:
            head = _headed(head, key, reader.value())


def _chats(reader: JsonStream, source: Source, now: datetime) -> Iterator[Item | Rejected]:
    for key in reader.members():
        if key != "list" or not reader.next_is("["):
            reader.value()
            continue
        for _ in reader.elements():
            head = Chat()
            for field in reader.members():
                if field == "messages" and reader.next_is("["):
                    one = replace(source, id=f"{source.id}.{head.id}")
                    yield from _messages(reader, head, one, now)
                else:
                    head = _headed(head, field, reader.value())


def _headed(head: Chat, key: str, value: Any) -> Chat:
    if key == "id" and isinstance(value, int):
        return replace(head, id=value)
    if key == "type" and isinstance(value, str):
        return replace(head, kind=value)
    return replace(head, name=value) if key == "name" and isinstance(value, str) else head


def _messages(reader: JsonStream, head: Chat, source: Source, now: datetime) -> Iterator[Item | Rejected]:
    wanted = head.kind in PUBLIC or source.private
    rejected: list[Rejected] = []
    broken: list[ItemError] = []
    for post in joined(_parts(_values(reader, broken), wanted, rejected)):
        yield from _taken(rejected)
        item = item_of(source, post, source.channel, now)
        yield replace(item, revision=post.edited or 0, dated=post.published_known)
    yield from _taken(rejected)
    if broken:
        raise broken[0]


def _taken(rejected: list[Rejected]) -> Iterator[Rejected]:
    while rejected:
        yield rejected.pop(0)


def _values(reader: JsonStream, broken: list[ItemError]) -> Iterator[Any]:
    """The elements up to where the JSON breaks, so that an album before the break is not lost."""
    try:
        for _ in reader.elements():
            yield reader.value()
    except ItemError as error:
        broken.append(error)


def _parts(messages: Iterable[Any], wanted: bool, rejected: list[Rejected]) -> Iterator[Part]:
    """Messages as posts. The export does not say what is an album: media of one second, one after the other, are."""
    album, last = "", (0, 0)
    for place, message in enumerate(messages, 1):
        if not wanted or (isinstance(message, dict) and message.get("type") == "service"):
            continue
        try:
            post = _post(message)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
            reason = clean(f"{type(error).__name__}: {error}"[:200])
            rejected.append(Rejected(number=place, reason=reason, raw=json.dumps(message)[:2000].encode()))
            continue
        media = any(message.get(field) for field in MEDIA)
        if not media or (post.published, post.number) != (last[0], last[1] + 1):
            album = str(post.number)
        last = (post.published, post.number) if media else (0, 0)
        yield Part(post, album if media else None)


def _post(message: dict[str, Any]) -> Post:
    seconds = message.get("date_unixtime")
    local = None if seconds else datetime.fromisoformat(message["date"]).replace(tzinfo=UTC)
    reply = message.get("reply_to_message_id")
    edited = message.get("edited_unixtime")
    return Post(
        number=number(message["id"]),
        published=moment(int(local.timestamp())) if local else moment(seconds),
        published_known=local is None,  # without date_unixtime there is only the local time of whoever exported it
        pieces=tuple(_pieces(message.get("text_entities") or message.get("text") or "")),
        forwarded_from=_forwarded(message),
        reply_to=number(reply) if reply else None,
        edited=moment(edited) if edited else None,
    )


def _forwarded(message: dict[str, Any]) -> str | None:
    if "forwarded_from" not in message:
        return None
    name = message["forwarded_from"]
    identity = re.sub(r"^(?:channel|user)", "", str(message.get("forwarded_from_id") or ""))
    return name if isinstance(name, str) and name else identity or "unknown"


def _pieces(text: Any) -> Iterator[Piece]:
    for part in [text] if isinstance(text, str) else text:
        if isinstance(part, str):
            yield Piece(part)
        elif isinstance(part.get("text"), str):
            href = part.get("href") if part.get("type") == "text_link" else None
            yield Piece(part["text"], href if isinstance(href, str) else None, part.get("type") == "blockquote")
