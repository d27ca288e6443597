"""JSON Feed 1.0 and 1.1 (jsonfeed.org): a small reader that loses a broken entry, not its neighbours."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from producers.digest import digest
from producers.fetch import printable
from producers.parsed import Entry, ParsedFeed, ParseFailedError, Rejected

MARK = b"jsonfeed.org/version"


def looks_like(body: bytes, content_type: str) -> bool:
    start = body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"{") and (MARK in body[:2000].replace(b"\\/", b"/") or "json" in content_type.lower())


def parse(body: bytes, most: int) -> ParsedFeed:
    """The entries of a JSON Feed; raises `ParseFailedError` where the whole is no feed."""
    try:
        feed = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseFailedError("unreadable", f"broken JSON: {error}") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ParseFailedError("unreadable", "JSON, but no JSON Feed: it has no items")
    lang = _language(feed.get("language"))
    entries: list[Entry] = []
    rejected: list[Rejected] = []
    for number, raw in enumerate(feed["items"][:most], 1):
        entry = _entry(raw, lang)
        if isinstance(entry, Entry):
            entries.append(entry)
        else:
            rejected.append(Rejected(number=number, reason=entry, raw=msgspec.json.encode(raw)[:2000]))
    return ParsedFeed(
        format="json1",
        entries=tuple(entries),
        rejected=tuple(rejected),
        title=printable(_text(feed.get("title"))) or None,
        lang=lang,
        cut=max(len(feed["items"]) - most, 0),
    )


def _entry(raw: Any, lang: str | None) -> Entry | str:
    if not isinstance(raw, dict):
        return "an entry that is no object"
    title = _text(raw.get("title"))[:2000]
    body = _text(raw.get("content_html")) or _text(raw.get("content_text")) or _text(raw.get("summary"))
    if not title.strip() and not body.strip():
        return "neither title nor text"
    number = raw.get("id")
    identity = str(number) if isinstance(number, (int, float)) and not isinstance(number, bool) else _text(number)
    return Entry(
        id=identity.strip() or None,
        link=_text(raw.get("url")).strip() or _text(raw.get("external_url")).strip() or None,
        title=title or None,
        body=body[:1_000_000],
        published=_date(raw.get("date_published")) or _date(raw.get("date_modified")),
        updated=_date(raw.get("date_modified")),
        lang=_language(raw.get("language")) or lang,
        digest=digest(title, body),
    )


def _date(value: object) -> int | None:
    try:
        moment = datetime.fromisoformat(_text(value).strip())
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def _language(value: object) -> str | None:
    code = _text(value).strip().lower()[:2]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
