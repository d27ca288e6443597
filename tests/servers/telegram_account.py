"""Telegram as an account sees it: answers Telethon's requests about one channel with Telethon's own objects."""

from datetime import UTC, datetime
from typing import Any

from telethon.errors import FloodWaitError
from telethon.tl import functions, types

from producers.telegram import Post
from tests.servers.telegram import Channel, entities_of

CHANNEL_ID, ORIGIN_ID = 777, 888


class Account:
    """`invoke` for a `TelethonGateway`; notes the requests it got."""

    def __init__(self, channel: Channel) -> None:
        self.channel, self.asked = channel, list[str]()
        self.flood = 0

    def __call__(self, request: Any) -> Any:
        self.asked.append(type(request).__name__)
        if self.flood:
            raise FloodWaitError(request=request, capture=self.flood)
        if isinstance(request, functions.contacts.ResolveUsernameRequest):
            found = [self._chat()] if request.username.lower() == self.channel.name else []
            return types.contacts.ResolvedPeer(types.PeerChannel(CHANNEL_ID), found, [])
        if isinstance(request, functions.channels.GetMessagesRequest):
            wanted = [one.id for one in request.id]
            there = {message.id: message for message in self.messages()}
            return self._answer(
                [there.get(number, types.MessageEmpty(number, types.PeerChannel(CHANNEL_ID))) for number in wanted]
            )
        assert isinstance(request, functions.messages.GetHistoryRequest)
        return self._answer(self._history(request))

    def _history(self, request: Any) -> list[Any]:
        """Newest first from `offset_id` on, shifted by `add_offset`, as Telegram does it."""
        known = sorted(self.messages(), key=lambda message: -message.id)
        older = next((n for n, message in enumerate(known) if message.id < request.offset_id), len(known))
        start = (older if request.offset_id else 0) + request.add_offset
        return [message for message in known[max(start, 0) : start + request.limit] if message.id > request.min_id]

    def messages(self) -> list[types.Message]:
        return [message for post in self.channel.posts.values() for message in messages_of(post)]

    def _chat(self) -> types.Channel:
        photo = types.ChatPhotoEmpty()
        return types.Channel(CHANNEL_ID, self.channel.title, photo, None, access_hash=1, username=self.channel.name)

    def _answer(self, messages: list[Any]) -> types.messages.ChannelMessages:
        origin = types.Channel(ORIGIN_ID, "Some title", types.ChatPhotoEmpty(), None, username="other_channel")
        return types.messages.ChannelMessages(1, len(messages), messages, [], [self._chat(), origin], [])


def messages_of(post: Post) -> list[types.Message]:
    """A post, or the messages of an album, as TL objects."""
    text, entities = entities_of(post.pieces)
    forwarded = types.MessageFwdHeader(None, from_id=types.PeerChannel(ORIGIN_ID)) if post.forwarded_from else None
    return [
        types.Message(
            id=number,
            peer_id=types.PeerChannel(CHANNEL_ID),
            date=datetime.fromtimestamp(post.published, UTC),
            message=text if position == 0 else "",
            entities=[_entity(entity) for entity in entities] if position == 0 else [],
            fwd_from=forwarded,
            reply_to=types.MessageReplyHeader(reply_to_msg_id=post.reply_to) if post.reply_to else None,
            grouped_id=post.numbers[0] if post.numbers else None,
            edit_date=datetime.fromtimestamp(post.published + 60, UTC) if post.edited is not None else None,
        )
        for position, number in enumerate(post.numbers or (post.number,))
    ]


def _entity(entity: dict[str, Any]) -> Any:
    if entity["type"] == "blockquote":
        return types.MessageEntityBlockquote(entity["offset"], entity["length"])
    return types.MessageEntityTextUrl(entity["offset"], entity["length"], entity["url"])
