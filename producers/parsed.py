"""What parsers give back across the process border, and how parsing fails."""

from typing import Literal, Protocol

import msgspec

from processors.errors import FetchError
from producers.fetch import printable
from producers.preview_page import PreviewPage

ParseFailureKind = Literal[
    "unreadable",  # neither a feed nor a page that names one
    "attributes",  # an element with more attributes than any feed has
    "memory",  # the worker's memory limit
    "cpu",  # the worker's CPU limit
    "time",  # the worker's wall clock limit
    "died",  # the worker ended without a word
    "crashed",  # an error nobody expected
]


class ParseFailedError(FetchError):
    """A body that could not be read at all. `code` is `parse_<kind>`."""

    def __init__(self, kind: ParseFailureKind, reason: str) -> None:
        self.reason = printable(reason)
        super().__init__(self.reason)
        self.kind: ParseFailureKind = kind
        self.code = f"parse_{kind}"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a feed as far as it becomes an item; None and empty where the feed says nothing."""

    id: str | None
    link: str | None
    title: str | None
    body: str
    published: int | None  # epoch seconds
    updated: int | None = None  # epoch seconds of its last change
    lang: str | None  # ISO 639-1
    digest: str  # of title and plain text: changes when a reader would see a change


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is no item: where it stood (line or entry number), what is wrong, and its bytes."""

    number: int
    reason: str
    field: str | None = None
    raw: bytes = b""


class ParsedFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed, or a page (`format` "html") that names feeds."""

    format: str  # as feedparser names it: rss20, atom10, rdf, json1 …; html
    entries: tuple[Entry, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    title: str | None = None
    lang: str | None = None
    ttl: int | None = None  # seconds
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    alternates: tuple[str, ...] = ()  # feeds that a page names
    cut: int = 0  # entries beyond the cap
    problem: str | None = None  # what is wrong with the markup, though it could be read


class Parser(Protocol):
    """Reads bodies. Raises `ParseFailedError` and nothing else."""

    def feed(self, body: bytes, content_type: str, url: str) -> ParsedFeed: ...
    def article(self, body: bytes, url: str) -> str | None: ...
    def preview(self, body: bytes) -> PreviewPage: ...
