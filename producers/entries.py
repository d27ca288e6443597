"""Entries to items: which entry is which, what is new, what changed, and what may have been missed."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from processors.model import Item
from processors.normalize import canonical_url
from producers.declared_language import believable
from producers.parsed import Entry, ParsedFeed
from producers.sources import Source
from producers.state import Seen, SourceState

KEPT = 500  # entries remembered beyond those that the source shows now
PLAIN_ID = re.compile(r"[\x21-\x7e\u00a1-\uffff]{1,200}")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)  # a date further in the future is none
TELEGRAM_LINK = re.compile(r"https?://(?:t|telegram)\.me/(?:s/)?([A-Za-z]\w{3,31})/(\d{1,12})(?:[?#].*)?")


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed's window gave: items oldest first, and what is now remembered."""

    items: tuple[Item, ...]
    seen: dict[str, Seen]
    identity: Literal["id", "link"]
    gap: bool  # nothing of what was seen is in the window any more: something may have been missed
    repeated: int  # entries that were in the same window twice


def read(source: Source, state: SourceState, feed: ParsedFeed, now: datetime) -> Read:
    """The items that a feed's entries make, against what was seen before."""
    telegram = _telegram_channel(feed.entries)
    ambiguous = _ambiguous(feed.entries)
    by_link = _replaceable(state, feed.entries)
    identity = _identity(state, feed.entries, by_link)
    seen, items, shown = dict(state.seen), [], set[str]()
    for entry in feed.entries:  # the newest first, as feeds have it; of two under one id the newer counts
        key = _key(entry, telegram, state.seen, by_link, ambiguous)
        if key in shown:
            continue
        shown.add(key)
        remembered, item = _take(source, feed, entry, key, seen.pop(key, None), now, telegram)
        seen[key] = remembered
        if item:
            items.append(item)
    items.reverse()
    items.sort(key=lambda item: item.published_at)
    return Read(
        items=tuple(items),
        seen=forget(seen, KEPT + len(shown)),
        identity=identity,
        gap=bool(state.seen) and bool(shown) and not shown & state.seen.keys(),
        repeated=len(feed.entries) - len(shown),
    )


def _take(
    source: Source, feed: ParsedFeed, entry: Entry, key: str, before: Seen | None, now: datetime, telegram: str | None
) -> tuple[Seen, Item | None]:
    at = int(now.timestamp())
    if before is not None and before.digest == entry.digest:
        return msgspec.structs.replace(before, at=at), None
    published = publication(entry.published, now)
    dated = published is not None
    moment = before.published if before and not dated else int((published or now).timestamp())
    revision = before.revision + 1 if before else 0
    seen = Seen(
        digest=entry.digest, revision=revision, published=moment, at=at, link=link_digest(entry.link), dated=dated
    )
    item = Item(
        source_id=source.id,
        external_id=key,
        kind="edited" if before else "new",
        revision=revision,
        channel="telegram" if telegram else "feed",
        url=entry.link,
        title=entry.title,
        body=entry.body,
        published_at=_changed(entry, before, now) if before else datetime.fromtimestamp(moment, UTC),
        fetched_at=now,
        lang=source.lang or believable(entry.lang or feed.lang, f"{entry.title or ''} {entry.body}"),
        dated=dated,
    )
    return seen, item


def _changed(entry: Entry, before: Seen, now: datetime) -> datetime:
    """When a change was made: as the feed says, else when it was first seen."""
    updated = publication(entry.updated, now)
    return updated if updated and before.published < updated.timestamp() and updated < now else now


def publication(published: int | None, now: datetime) -> datetime | None:
    """A date as given; None where it cannot be meant (the epoch, far ahead)."""
    if published is None:
        return None
    try:
        moment = datetime.fromtimestamp(published, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if EARLIEST <= moment <= now + AHEAD else None


def link_digest(link: str | None) -> str:
    return hashlib.sha256(canonical_url(link).encode("utf-8", "replace")).hexdigest()[:16] if link else ""


def own_key(entry: Entry) -> str:
    """An entry's identity by what it says: its id, else its canonical link, else a hash of its title and date."""
    if entry.id:
        return entry.id if PLAIN_ID.fullmatch(entry.id) else _hashed(entry.id)
    if entry.link:
        link = canonical_url(entry.link)
        return link if PLAIN_ID.fullmatch(link) else _hashed(link)
    if entry.title and entry.published is not None:
        return _hashed(f"{entry.title}\n{entry.published}")
    return _hashed(entry.title or entry.body)


def _ambiguous(entries: Iterable[Entry]) -> frozenset[str]:
    """Keys of entries without ids that stand for different texts in one window: a live page under one link."""
    texts: dict[str, set[str]] = {}
    for entry in entries:
        if not entry.id:
            texts.setdefault(own_key(entry), set()).add(entry.digest)
    return frozenset(key for key, digests in texts.items() if len(digests) > 1)


def _key(
    entry: Entry, telegram: str | None, seen: dict[str, Seen], by_link: dict[str, str], ambiguous: frozenset[str]
) -> str:
    if telegram and entry.link and (match := TELEGRAM_LINK.fullmatch(entry.link)):
        return match[2]
    key = own_key(entry)
    if key in ambiguous and not (key in seen and seen[key].digest == entry.digest):
        return _hashed(f"{key}\n{entry.digest}")
    if key in seen:
        return key
    return by_link.get(link_digest(entry.link), key) if entry.link else key


def _replaceable(state: SourceState, entries: Sequence[Entry]) -> dict[str, str]:
    """Entries seen before whose id is gone from the window, by the link under which a new id may now stand.

    Some publishers change an entry's id with each revision (a counter behind `#`), others with each poll.
    """
    links = Counter(link_digest(entry.link) for entry in entries if entry.link and not _is_home(entry.link))
    shown = {own_key(entry) for entry in entries}
    return {
        seen.link: key
        for key, seen in state.seen.items()
        if links[seen.link] == 1 and (state.identity == "link" or key not in shown)
    }


def _is_home(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return True
    return parts.path in ("", "/") and not parts.query


def _identity(state: SourceState, entries: Iterable[Entry], by_link: dict[str, str]) -> Literal["id", "link"]:
    """`link` for good once most entries of a window came back under new ids with their old links."""
    renamed = kept = 0
    for entry in entries:
        if own_key(entry) in state.seen:
            kept += 1
        elif entry.id and entry.link and link_digest(entry.link) in by_link:
            renamed += 1
    return "link" if state.identity == "link" or (renamed >= 3 and renamed > 2 * kept) else "id"


def _telegram_channel(entries: Iterable[Entry]) -> str | None:
    """The channel, where all links lead to posts of one Telegram channel (as RSSHub and RSS-Bridge give them)."""
    matches = [TELEGRAM_LINK.fullmatch(entry.link or "") for entry in entries]
    channels = {match[1].lower() for match in matches if match}
    return channels.pop() if matches and all(matches) and len(channels) == 1 else None


def forget(seen: dict[str, Seen], most: int) -> dict[str, Seen]:
    """The `most` entries that the source showed last."""
    if len(seen) <= most:
        return seen
    newest = sorted(seen, key=lambda key: seen[key].at)[-most:]
    kept = set(newest)
    return {key: value for key, value in seen.items() if key in kept}


def _hashed(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
