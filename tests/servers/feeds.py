"""Feeds for tests: written from a list of entries, served with validators."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

import msgspec

from tests.servers.local import Exchange, Handler

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a test feed; None leaves the element out."""

    guid: str | None
    title: str = "Shelling reported near the bridge"
    text: str = "Residents said several shells fell close to the old bridge."
    link: str | None = None
    minutes: int | None = 0  # after NOON; None for no date


def rss(posts: Iterable[Post], head: str = "", encoding: str = "utf-8") -> bytes:
    """An RSS 2.0 feed; `head` is put into the channel."""
    items = "".join(_item(post) for post in posts)
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0"><channel><title>Test wire</title>'
        f"<link>http://wire.example/</link><description>d</description>{head}{items}</channel></rss>"
    )
    return text.encode(encoding, "xmlcharrefreplace")


def _item(post: Post) -> str:
    parts = [f"<title>{escape(post.title)}</title><description>{escape(post.text)}</description>"]
    if post.guid is not None:
        parts.append(f'<guid isPermaLink="false">{escape(post.guid)}</guid>')
    if post.link is not None:
        parts.append(f"<link>{escape(post.link)}</link>")
    if post.minutes is not None:
        parts.append(f"<pubDate>{format_datetime(NOON + timedelta(minutes=post.minutes))}</pubDate>")
    return f"<item>{''.join(parts)}</item>"


def with_validators(body: Callable[[], bytes]) -> Handler:
    """Serves what `body` gives now, with a weak ETag, and 304 to those who have it."""

    def handle(exchange: Exchange) -> None:
        data = body()
        tag = f'W/"{hashlib.sha256(data).hexdigest()[:12]}"'
        if exchange.headers.get("if-none-match") == tag:
            exchange.respond(304, headers={"ETag": tag})
        else:
            exchange.respond(200, data, {"ETag": tag, "Content-Type": "application/rss+xml"})

    return handle


def fixed(body: bytes, status: int = 200, **headers: str) -> Handler:
    """Always the same answer; underscores in header names stand for dashes."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.respond(status, body, fields)
