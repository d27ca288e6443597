"""Telethon's TL objects to posts: the only place that knows what a message of the API layer looks like."""

from collections.abc import Iterable, Mapping

from telethon.tl import types

from producers.albums import Part
from producers.telegram import Post
from producers.text_entities import Mark, pieces_of

Names = Mapping[int, str]  # public names, or else titles, by channel id


def part_of(message: object, names: Names) -> Part | None:
    """A post; None for what is none: service messages, empty ones (deleted)."""
    if not isinstance(message, types.Message) or message.date is None:
        return None
    text = message.message or ""
    post = Post(
        number=message.id,
        published=int(message.date.timestamp()),
        pieces=pieces_of(text, [_mark(entity) for entity in message.entities or ()]) if text else (),
        forwarded_from=_origin(message.fwd_from, names),
        reply_to=_reply(message.reply_to),
        edited=int(message.edit_date.timestamp()) if message.edit_date and not message.edit_hide else None,
    )
    return Part(post, str(message.grouped_id) if message.grouped_id else None)


def names_of(chats: Iterable[object]) -> dict[int, str]:
    """What the chats that came with an answer are called."""
    return {chat.id: _name(chat) for chat in chats if isinstance(chat, types.Channel)}


def _name(chat: types.Channel) -> str:
    others = [one.username for one in chat.usernames or () if one.active]
    return str(chat.username or (others[0] if others else chat.title))


def _mark(entity: object) -> Mark:
    quoted = isinstance(entity, types.MessageEntityBlockquote)
    href = entity.url if isinstance(entity, types.MessageEntityTextUrl) else None
    return Mark(getattr(entity, "offset", 0), getattr(entity, "length", 0), href, quoted)


def _origin(header: types.MessageFwdHeader | None, names: Names) -> str | None:
    if header is None:
        return None
    if isinstance(header.from_id, types.PeerChannel):
        return names.get(header.from_id.channel_id, str(header.from_id.channel_id))
    return header.from_name or "unknown"


def _reply(header: object) -> int | None:
    return header.reply_to_msg_id if isinstance(header, types.MessageReplyHeader) else None
