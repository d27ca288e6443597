"""A feed's bytes to entries: RSS, Atom and RDF through feedparser, JSON Feed through its own small reader.

Runs in a worker process (`producers/worker.py`), as hostile input may take any amount of memory and time here.
"""

import calendar
import codecs
import io
import json
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from producers import jsonfeed
from producers.digest import digest
from producers.discovery import feeds_of_page
from producers.fetch import printable
from producers.hints import hints_of
from producers.parsed import Entry, ParsedFeed, ParseFailedError, Rejected

MAX_ENTRIES = 5000
MAX_ATTRIBUTES = 1000  # on one element: feedparser's time grows with their square
MAX_BODY = 1_000_000  # characters of one entry
MAX_TITLE = 2000
MAX_PIECES = 500  # entries parsed one by one
CRASHES = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
ENTRY = re.compile(rb"<(item|entry)[\s>].{0,200000}?</\1\s*>", re.S)
TAIL = b"</channel></rss>"
RAW_KEPT = 2000  # bytes of a rejected entry that are kept
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(r"(?<=\?xml)[^>]{0,100}?(?=\?>)")
REFERENCE = re.compile(rb"&#(x[0-9a-fA-F]{1,40}|[0-9]{1,40});?")
ENCODING = re.compile(rb"\s*<\?xml[^>]*?(\sencoding\s*=\s*[\"']([^\"'>]*)[\"'])")
NAME = re.compile(rb"[A-Za-z][A-Za-z0-9._-]{0,40}")
LONG_TAG = re.compile(rb"<[^<>]{4000,}")
ATTRIBUTE = re.compile(rb"[\w:.-]\s*=\s*[\"']?")
HTML_START = re.compile(rb"<!doctype\s+html|<html[\s>]", re.I)
FEED_START = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)[\s>]", re.I)
FEED_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.I)


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Everything a body tells as a feed; raises `ParseFailedError`. `url` is where it came from, for relative links."""
    body = REFERENCE.sub(_possible, _without_odd_encoding(in_utf8(body)))
    plain = body.replace(b"\0", b"")  # enough of UTF-16 and UTF-32 without a mark to look for markup
    if jsonfeed.looks_like(plain, content_type):
        return jsonfeed.parse(body, MAX_ENTRIES)
    if HTML_START.search(plain[:2000]) and not FEED_START.search(plain[:4000]):
        return _page(body, url)
    _refuse_many_attributes(plain)
    return _xml(body, plain, content_type, url)


def in_utf8(body: bytes) -> bytes:
    """A body that a byte order mark shows to be UTF-16 or UTF-32 as UTF-8, whatever its declaration says."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            text = body.decode(encoding, "replace").removeprefix("\ufeff")
            return DECLARED.sub("", text, count=1).encode("utf-8", "replace")
    return body


def _without_odd_encoding(body: bytes) -> bytes:
    """The body without a declared encoding that cannot be the name of one: on such names feedparser gives up."""
    declared = ENCODING.match(body[:300])
    if not declared or NAME.fullmatch(declared[2]):
        return body
    return body[: declared.start(1)] + body[declared.end(1) :]


def _possible(reference: re.Match[bytes]) -> bytes:
    """A character reference, or the replacement character's where it names none: on those feedparser gives up."""
    digits = reference[1].lower()
    code = int(digits[1:], 16) if digits.startswith(b"x") else int(digits)
    possible = len(digits) <= 8 and 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return reference[0] if possible else b"&#xFFFD;"


def _page(body: bytes, url: str) -> ParsedFeed:
    alternates = feeds_of_page(body, url)
    if not alternates:
        raise ParseFailedError("unreadable", "an HTML page, which names no feed")
    return ParsedFeed(format="html", alternates=alternates, problem="an HTML page, not a feed")


def _refuse_many_attributes(plain: bytes) -> None:
    for tag in LONG_TAG.finditer(plain):
        if sum(1 for _ in ATTRIBUTE.finditer(tag[0])) > MAX_ATTRIBUTES:
            raise ParseFailedError("attributes", f"an element with more than {MAX_ATTRIBUTES} attributes")


def _xml(body: bytes, plain: bytes, content_type: str, url: str) -> ParsedFeed:
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    try:
        parsed, crashed = _feedparsed(body, headers), list[Rejected]()
    except CRASHES as error:
        parsed, crashed = _in_pieces(body, headers, error)
    problem = _problem(parsed)
    if not parsed.entries and not parsed.get("version"):
        raise ParseFailedError("unreadable", problem or "no feed")
    raw = list(parsed.entries)
    lang = language(parsed.feed.get("language"))
    cut_off = bool(problem) and bool(raw) and not FEED_END.search(plain[-500:])
    entries, rejected = read_entries(raw[:-1] if cut_off else raw, lang)
    if cut_off:
        rejected.append(Rejected(number=len(raw), reason="the body ends inside this entry", raw=_raw(raw[-1])))
    hints = hints_of(plain, parsed.feed)
    return ParsedFeed(
        format=parsed.get("version") or "unknown",
        entries=tuple(entries),
        rejected=(*rejected, *crashed),
        title=printable(_text(parsed.feed.get("title"))) or None,
        lang=lang,
        ttl=hints.ttl,
        skip_hours=hints.skip_hours,
        skip_days=hints.skip_days,
        cut=max(len(raw) - MAX_ENTRIES, 0),
        problem=problem,
    )


def _feedparsed(body: bytes, headers: Mapping[str, str]) -> Any:
    import feedparser

    stream = io.BytesIO(body)  # never bytes or text: feedparser would take them for an address or a path
    return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _in_pieces(body: bytes, headers: Mapping[str, str], error: Exception) -> tuple[Any, list[Rejected]]:
    """Each entry parsed by itself, after one of them has crashed feedparser; and those that crash it."""
    first = ENTRY.search(body)
    if not first:
        raise ParseFailedError("unreadable", f"{type(error).__name__}: {str(error)[:200]}")
    whole, crashed = None, []
    for number, entry in enumerate(islice(ENTRY.finditer(body), MAX_PIECES), 1):
        try:
            one = _feedparsed(body[: first.start()] + entry[0] + TAIL, headers)
        except CRASHES as reason:
            crashed.append(Rejected(number=number, reason=type(reason).__name__, raw=entry[0][:RAW_KEPT]))
            continue
        if whole is None:
            whole = one
        else:
            whole.entries += one.entries
    if whole is None:
        raise ParseFailedError("unreadable", f"every entry is broken: {type(error).__name__}")
    whole.bozo = False  # each piece lacks its end, which says nothing of the feed
    return whole, crashed


def _problem(parsed: Mapping[str, Any]) -> str | None:
    error = parsed.get("bozo_exception")
    survivable = ("CharacterEncodingOverride", "NonXMLContentType")
    if not parsed.get("bozo") or error is None or type(error).__name__ in survivable:
        return None
    return printable(f"{type(error).__name__}: {str(error)[:200]}")


def read_entries(raw: Iterable[Mapping[str, Any]], lang: str | None) -> tuple[list[Entry], list[Rejected]]:
    """Entries and, apart, those that cannot be used; a broken one loses only itself."""
    entries: list[Entry] = []
    rejected: list[Rejected] = []
    for number, one in enumerate(raw, 1):
        if number > MAX_ENTRIES:
            break
        try:
            entry = _entry(one, lang)
        except (ValueError, TypeError, OverflowError, AttributeError, KeyError, IndexError) as error:
            rejected.append(Rejected(number=number, reason=f"{type(error).__name__}: {error}"[:200], raw=_raw(one)))
            continue
        if entry is None:
            rejected.append(Rejected(number=number, reason="neither title nor text", raw=_raw(one)))
        else:
            entries.append(entry)
    return entries, rejected


def _entry(raw: Mapping[str, Any], lang: str | None) -> Entry | None:
    title, body = _text(raw.get("title"))[:MAX_TITLE], _body(raw)[:MAX_BODY]
    if not title.strip() and not body.strip():
        return None
    detail = raw.get("title_detail") or {}
    return Entry(
        id=_text(raw.get("id")).strip() or None,
        link=_text(raw.get("link")).strip() or None,
        title=title or None,
        body=body,
        published=_date(raw, "published_parsed", "created_parsed", "updated_parsed"),
        updated=_date(raw, "updated_parsed"),
        lang=language(detail.get("language")) or lang,
        digest=digest(title, body),
    )


def _body(raw: Mapping[str, Any]) -> str:
    """The fullest of an entry's texts."""
    texts = [_text(part.get("value")) for part in raw.get("content") or () if not _is_media(part)]
    return max([_text(raw.get("summary")), *texts], key=len)


def _is_media(part: Mapping[str, Any]) -> bool:
    return not _text(part.get("type") or "text/").startswith(("text/", "application/xhtml"))


def _date(raw: Mapping[str, Any], *fields: str) -> int | None:
    for field in fields:
        # membership first: feedparser's own lookup invents `updated` from `published`
        if field in raw and raw[field]:
            return calendar.timegm(raw[field])
    return None


def language(value: object) -> str | None:
    """ISO 639-1 of a declaration such as `en-US`; None where it is none."""
    match = re.fullmatch(r"([a-z]{2})(?:[-_].{0,30})?", _text(value).strip().lower())
    return match[1] if match else None


def _text(value: object) -> str:
    """A string that UTF-8 can hold: character references may have put lone surrogates into it."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _raw(one: object) -> bytes:
    return json.dumps(one, default=str)[:RAW_KEPT].encode()
