"""A channel, and the ways in which Telegram shows it: preview pages, the Bot API, an export."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from producers.telegram import Piece, Post
from tests.servers.local import Exchange

PER_PAGE = 20


class Channel:
    """A channel's state, to be changed by the test: `posts` by number; deleted ones are simply taken out."""

    def __init__(self, name: str = "front_news", title: str = "Front News") -> None:
        self.name, self.title = name, title
        self.posts: dict[int, Post] = {}
        self.preview = True

    def add(self, *posts: Post) -> None:
        self.posts |= {post.number: post for post in posts}

    def serve(self, exchange: Exchange) -> None:
        """Handles /s/<name>, /s/<name>?before=N and /<name>/<N>?embed=1."""
        parts = urlsplit(exchange.path)
        path = parts.path.strip("/").split("/")
        if len(path) == 2 and path[0] == "s":
            before = int(parse_qs(parts.query).get("before", ["0"])[0])
            exchange.respond(200, self.page(before).encode(), {"Content-Type": "text/html; charset=utf-8"})
        elif len(path) == 2:
            exchange.respond(200, self.single(int(path[1])).encode(), {"Content-Type": "text/html; charset=utf-8"})
        else:
            exchange.respond(404)

    def page(self, before: int = 0) -> str:
        if not self.preview:
            return (
                f"<html><body><div class='tgme_page'>If you have Telegram, you can view {self.name}</div></body></html>"
            )
        numbers = [number for number in sorted(self.posts) if not before or number < before][-PER_PAGE:]
        shown = "".join(f'<div class="tgme_widget_message_wrap">{self._message(self.posts[n])}</div>' for n in numbers)
        title = f'<div class="tgme_channel_info_header_title">{escape(self.title)}</div>'
        info = f'<div class="tgme_channel_info">{title}</div>'
        return f"<html><body>{info}<section class='tgme_channel_history'>{shown}</section></body></html>"

    def single(self, number: int) -> str:
        if number not in self.posts:
            return "<html><body><div class='tgme_widget_message_error'>Post not found</div></body></html>"
        return f"<html><body>{self._message(self.posts[number])}</body></html>"

    def _message(self, post: Post) -> str:
        here = f"https://t.me/{self.name}"
        parts = [f'<div class="tgme_widget_message js-widget_message" data-post="{self.name}/{post.number}">']
        if post.forwarded_from:
            origin = f"https://t.me/{post.forwarded_from}/7"
            name = f'<a class="tgme_widget_message_forwarded_from_name" href="{origin}">Some title</a>'
            parts.append(f'<div class="tgme_widget_message_forwarded_from">Forwarded from {name}</div>')
        if post.reply_to:
            quoted = '<div class="tgme_widget_message_text js-message_reply_text">words of the other post</div>'
            parts.append(f'<a class="tgme_widget_message_reply" href="{here}/{post.reply_to}">{quoted}</a>')
        parts += [f'<a class="tgme_widget_message_photo_wrap" href="{here}/{n}?single"></a>' for n in post.numbers]
        if post.pieces:
            text = "".join(_piece_html(piece) for piece in post.pieces)
            parts.append(f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>')
        time = f'<time datetime="{_iso(post.published)}" class="time">12:00</time>'
        edited = "edited " if post.edited is not None else ""
        date = f'<a class="tgme_widget_message_date" href="{here}/{post.number}">{time}</a>'
        parts.append(f'<div><span class="tgme_widget_message_meta">{edited}{date}</span></div></div>')
        return "".join(parts)

    def export(self, kind: str = "public_channel") -> dict[str, Any]:
        """The channel as Telegram Desktop's result.json has it."""
        messages = [one for number in sorted(self.posts) for one in _exported(self.posts[number])]
        service = {"id": 1, "type": "service", "date": "2026-03-01T00:00:00", "action": "create_channel"}
        return {"name": self.title, "type": kind, "id": 1234567, "messages": [service, *messages]}

    def updates(self, start: int = 1000) -> list[dict[str, Any]]:
        """The channel's posts as updates of the Bot API."""
        told = [one for number in sorted(self.posts) for one in self._bot_messages(self.posts[number])]
        return [{"update_id": start + n, "channel_post": one} for n, one in enumerate(told)]

    def edit_update(self, post: Post, update_id: int) -> dict[str, Any]:
        message = next(self._bot_messages(post)) | {"edit_date": post.published + 60}
        return {"update_id": update_id, "edited_channel_post": message}

    def _bot_messages(self, post: Post) -> Iterator[dict[str, Any]]:
        chat = {"id": -1001234567, "type": "channel", "title": self.title, "username": self.name}
        text, entities = entities_of(post.pieces)
        for position, number in enumerate(post.numbers or (post.number,)):
            message: dict[str, Any] = {"message_id": number, "date": post.published, "chat": chat}
            words = "caption" if post.numbers else "text"
            if position == 0 and text:
                message |= {words: text, f"{'caption_' if post.numbers else ''}entities": entities}
            if post.numbers:
                message |= {"media_group_id": f"g{post.number}", "photo": [{"file_id": "x"}]}
            if post.forwarded_from:
                origin = {"id": -100999, "type": "channel", "username": post.forwarded_from, "title": "Some title"}
                message["forward_origin"] = {"type": "channel", "chat": origin, "message_id": 7, "date": 1}
            if post.reply_to:
                message["reply_to_message"] = {"message_id": post.reply_to, "date": 1, "chat": chat}
            yield message


def _piece_html(piece: Piece) -> str:
    text = escape(piece.text).replace("\n", "<br/>")
    text = (
        f'<a href="{escape(piece.href)}" target="_blank" rel="noopener">{text}</a>' if piece.href else f"<b>{text}</b>"
    )
    return f"<blockquote>{text}</blockquote>" if piece.quoted else text


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def entities_of(pieces: tuple[Piece, ...]) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities with offsets in UTF-16 units, as the Bot API counts them."""
    text, entities = "", []
    for piece in pieces:
        place = {"offset": len(text.encode("utf-16-le")) // 2, "length": len(piece.text.encode("utf-16-le")) // 2}
        if piece.href:
            entities.append({"type": "text_link", "url": piece.href, **place})
        if piece.quoted:
            entities.append({"type": "blockquote", **place})
        text += piece.text
    return text, entities


def _exported(post: Post) -> Iterator[dict[str, Any]]:
    for position, number in enumerate(post.numbers or (post.number,)):
        message: dict[str, Any] = {"id": number, "type": "message", "date_unixtime": str(post.published), "from": "x"}
        message |= {"date": _iso(post.published)[:19], "text": "", "text_entities": []}
        if position == 0:
            entities = [_exported_piece(piece) for piece in post.pieces]
            message |= {"text_entities": entities, "text": [e if e["type"] != "plain" else e["text"] for e in entities]}
        if post.numbers:
            message["photo"] = "photos/x.jpg"
        if post.forwarded_from:
            message["forwarded_from"] = post.forwarded_from
        if post.reply_to:
            message["reply_to_message_id"] = post.reply_to
        if post.edited is not None:
            message["edited_unixtime"] = str(post.published + 60)
        yield message


def _exported_piece(piece: Piece) -> dict[str, Any]:
    if piece.quoted:
        return {"type": "blockquote", "text": piece.text}
    if piece.href:
        return {"type": "text_link", "text": piece.text, "href": piece.href}
    return {"type": "plain", "text": piece.text}


class BotApi:
    """api.telegram.org's getUpdates for one bot: updates are forgotten once a higher offset is asked for."""

    def __init__(self, token: str = "1:secret") -> None:
        self.token = token
        self.updates: list[dict[str, Any]] = []
        self.flood = 0  # seconds to wait, said with 429

    def serve(self, exchange: Exchange) -> None:
        parts = urlsplit(exchange.path)
        if parts.path != f"/bot{self.token}/getUpdates":
            return exchange.respond(401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}')
        if self.flood:
            told = {"ok": False, "error_code": 429, "parameters": {"retry_after": self.flood}}
            return exchange.respond(429, json.dumps(told).encode())
        query = parse_qs(parts.query)
        offset, limit = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["100"])[0])
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        return exchange.respond(200, json.dumps({"ok": True, "result": self.updates[:limit]}).encode())
