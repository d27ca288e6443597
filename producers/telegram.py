"""A Telegram channel's posts as items: the same whichever way they came in.

Text is kept as plain HTML: line breaks, links whose address is not their text, and quotes as <blockquote>. An album is
one item, known by the number of its first post.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

import msgspec
from msgspec.structs import replace

from processors.model import Item
from producers.digest import digest
from producers.sources import Source
from producers.state import Seen, SourceState

LATEST = 2**32  # epoch seconds: the year 2106
KEPT = 2000  # posts remembered of a channel
POST_LINK = re.compile(r"https?://(?:t|telegram)\.me/(?:s/)?([A-Za-z]\w{3,31})(?:/(\d{1,12}))?(?:[/?#].*)?")


class Piece(msgspec.Struct, frozen=True):
    """A run of text; `href` where it is a link, `quoted` where the channel quotes somebody."""

    text: str
    href: str | None = None
    quoted: bool = False


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One post, or an album, as a channel shows it now."""

    number: int
    published: int  # epoch seconds
    pieces: tuple[Piece, ...] = ()
    numbers: tuple[int, ...] = ()  # all posts of an album
    forwarded_from: str | None = None  # the channel's name where it is public, else its title
    reply_to: int | None = None
    edited: int | None = None  # epoch seconds, 0 where only that it was edited is known
    published_known: bool = True  # False: in which time zone is not known


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Items that a look at a channel gave, and what is now remembered of it."""

    items: tuple[Item, ...]
    state: SourceState


def moment(value: object) -> int:
    """Epoch seconds of a post; raises ValueError where they cannot be."""
    seconds = int(value) if isinstance(value, int | str) and not isinstance(value, bool) else 0
    if not 0 < seconds < LATEST:
        raise ValueError(f"{str(value)[:40]!r} is no time")
    return seconds


def number(value: object) -> int:
    """The number of a post; raises ValueError where it cannot be one."""
    found = value if isinstance(value, int) and not isinstance(value, bool) else 0
    if not 0 < found < 2**31:
        raise ValueError(f"{str(value)[:40]!r} is no number of a post")
    return found


def clean(text: str) -> str:
    """Text that UTF-8 can hold: lone surrogates become question marks."""
    return text.encode("utf-8", "replace").decode()


def body_of(pieces: Iterable[Piece]) -> str:
    """Pieces as HTML."""
    parts: list[str] = []
    quoted = False
    for piece in (*pieces, Piece("")):
        if piece.quoted != quoted:
            parts.append("<blockquote>" if piece.quoted else "</blockquote>")
            quoted = piece.quoted
        text = escape(piece.text, quote=False).replace("\n", "<br>")
        linked = piece.href and _differs(piece.href, piece.text)
        parts.append(f'<a href="{escape(piece.href or "")}">{text}</a>' if linked else text)
    return clean("".join(parts).strip())


def _differs(href: str, text: str) -> bool:
    """Whether a link says more than its text: not for bare addresses, names and hashtags."""
    plain = text.strip()
    bare = re.sub(r"^https?://|/$", "", href)
    return href.startswith(("http://", "https://")) and not plain.startswith(("@", "#")) and bare not in plain


def take(source: Source, state: SourceState, posts: Iterable[Post], channel: str | None, now: datetime) -> Taken:
    """New and edited posts as items, oldest first; those that say what they said before give nothing."""
    items: list[Item] = []
    seen = dict(state.seen)
    highest = state.cursor
    for post in sorted(posts, key=lambda post: post.number):
        key, body, before = str(post.number), body_of(post.pieces), seen.get(str(post.number))
        mark = digest("", body)
        highest = max(highest, post.number, *post.numbers)
        if before and before.digest == mark and not before.deleted:
            seen[key] = replace(before, at=int(now.timestamp()), asked=0)
            continue
        revision = before.revision + 1 if before else 0
        seen[key] = Seen(digest=mark, revision=revision, published=post.published, at=int(now.timestamp()))
        item = item_of(source, post, channel, now)
        items.append(_edited(item, post, revision, now) if before else item)
    return Taken(items=tuple(items), state=replace(state, seen=newest(seen), cursor=highest))


def _edited(item: Item, post: Post, revision: int, now: datetime) -> Item:
    """An edit is dated by when it was made, else by when it was first seen."""
    made = datetime.fromtimestamp(post.edited, UTC) if post.edited and post.edited > post.published else now
    return replace(item, kind="edited", revision=revision, published_at=min(made, now))


def item_of(source: Source, post: Post, channel: str | None, now: datetime) -> Item:
    """A post as a new item."""
    return Item(
        source_id=source.id,
        external_id=str(post.number),
        kind="new",
        channel="telegram",
        url=f"https://t.me/{channel}/{post.number}" if channel else None,
        body=body_of(post.pieces),
        published_at=datetime.fromtimestamp(post.published, UTC),
        fetched_at=now,
        lang=source.lang,
        forwarded_from=clean(post.forwarded_from)[:200] if post.forwarded_from else None,
        reply_to=str(post.reply_to) if post.reply_to else None,
    )


def take_deleted(
    source: Source, state: SourceState, numbers: Iterable[int], channel: str | None, now: datetime
) -> Taken:
    """Posts that are gone as `deleted` items; those never seen, or gone already, give nothing."""
    items: list[Item] = []
    seen = dict(state.seen)
    for number in sorted(numbers):
        before = seen.get(str(number))
        if before is None or before.deleted:
            continue
        seen[str(number)] = replace(before, deleted=True, revision=before.revision + 1)
        item = item_of(source, Post(number=number, published=before.published), channel, now)
        items.append(replace(item, kind="deleted", revision=before.revision + 1, published_at=now))
    return Taken(items=tuple(items), state=replace(state, seen=seen))


def newest(seen: dict[str, Seen], most: int = KEPT) -> dict[str, Seen]:
    """The posts with the highest numbers."""
    if len(seen) <= most:
        return seen
    return {key: seen[key] for key in sorted(seen, key=int)[-most:]}
