"""The `Gateway` over Telethon's requests and updates, for one account.

Requests go through `Invoke`, one TL request in, one TL object out, so that tests answer with Telethon's own objects.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

from telethon.errors import FloodWaitError, RPCError
from telethon.tl import functions, types

from producers.albums import Part
from producers.telegram_client import AccountError, FloodWaitedError, Happened
from producers.telethon_messages import names_of, part_of

Invoke = Callable[[Any], Any]
KEPT = 10_000  # updates kept of a channel until they are taken out; more count as lost
ALBUM_ENDS = 1.5  # seconds after which nothing is added to an album any more


class _Channel:
    def __init__(self, identity: int, access_hash: int) -> None:
        self.id, self.access_hash = identity, access_hash
        self.parts: deque[tuple[float, Part]] = deque(maxlen=KEPT)
        self.deleted: list[int] = []
        self.lost = True


class TelethonGateway:
    """Collects updates and asks for history. `on_update` is called by Telethon's thread, the rest by polling ones."""

    def __init__(self, invoke: Invoke, clock: Callable[[], float] = monotonic) -> None:
        self._invoke, self._clock = invoke, clock
        self._lock = threading.Lock()
        self._channels: dict[str, _Channel] = {}  # resolved once: Telegram punishes resolving in bursts
        self._names: dict[int, str] = {}
        self._free_at = 0.0

    def on_update(self, update: object) -> None:
        """Takes an update of any kind; those of channels that are not followed are ignored."""
        with self._lock:
            if isinstance(update, types.UpdateNewChannelMessage | types.UpdateEditChannelMessage):
                self._on_message(update.message)
            elif isinstance(update, types.UpdateDeleteChannelMessages):
                for channel in self._followed(update.channel_id):
                    channel.deleted += update.messages
            elif isinstance(update, types.UpdateChannelTooLong):
                for channel in self._followed(update.channel_id):
                    channel.lost = True

    def on_reconnect(self) -> None:
        """Everything may have been missed."""
        with self._lock:
            for channel in self._channels.values():
                channel.lost = True

    def happened(self, channel: str) -> Happened:
        """See `Gateway`. The parts of an album that may not be complete stay behind."""
        followed = self._resolved(channel)
        with self._lock:
            lost = followed.lost or len(followed.parts) == KEPT
            parts = list(self._settled(followed))
            deleted, followed.deleted, followed.lost = tuple(followed.deleted), [], False
        return Happened(parts=tuple(parts), deleted=deleted, lost=lost)

    def newest(self, channel: str, before: int, most: int) -> list[Part]:
        return self._history(channel, offset_id=before, add_offset=0, limit=most)

    def after(self, channel: str, number: int, most: int) -> list[Part]:
        return self._history(channel, offset_id=number + 1, add_offset=-most, limit=most, min_id=number)

    def by_number(self, channel: str, numbers: list[int]) -> dict[int, Part | None]:
        followed = self._resolved(channel)
        place = types.InputChannel(followed.id, followed.access_hash)
        wanted = [types.InputMessageID(number) for number in numbers]
        answer = self._ask(functions.channels.GetMessagesRequest(place, wanted))
        self._learn(answer)
        return {message.id: part_of(message, self._names) for message in answer.messages}

    def _history(self, channel: str, offset_id: int, add_offset: int, limit: int, min_id: int = 0) -> list[Part]:
        followed = self._resolved(channel)
        peer = types.InputPeerChannel(followed.id, followed.access_hash)
        request = functions.messages.GetHistoryRequest(
            peer=peer,
            offset_id=offset_id,
            offset_date=None,
            add_offset=add_offset,
            limit=limit,
            max_id=0,
            min_id=min_id,
            hash=0,
        )
        answer = self._ask(request)
        self._learn(answer)
        parts = [part for message in answer.messages if (part := part_of(message, self._names))]
        return sorted(parts, key=lambda part: part.post.number)

    def _resolved(self, channel: str) -> _Channel:
        key = channel.lower()
        if key not in self._channels:
            answer = self._ask(functions.contacts.ResolveUsernameRequest(channel))
            self._learn(answer)
            found = [chat for chat in answer.chats if isinstance(chat, types.Channel)]
            if not found:
                raise AccountError(f"{channel} is no channel")
            with self._lock:
                self._channels[key] = _Channel(found[0].id, found[0].access_hash or 0)
        return self._channels[key]

    def _ask(self, request: Any) -> Any:
        left = self._free_at - self._clock()
        if left > 0:
            raise FloodWaitedError(int(left) + 1)
        try:
            return self._invoke(request)
        except FloodWaitError as error:
            self._free_at = self._clock() + error.seconds
            raise FloodWaitedError(error.seconds) from error
        except (RPCError, ConnectionError, TimeoutError, ValueError) as error:
            raise AccountError(f"{type(error).__name__}: {error}") from error

    def _learn(self, answer: Any) -> None:
        with self._lock:
            self._names |= names_of(answer.chats)

    def _on_message(self, message: object) -> None:
        peer = getattr(message, "peer_id", None)
        part = part_of(message, self._names)
        if part and isinstance(peer, types.PeerChannel):
            for channel in self._followed(peer.channel_id):
                channel.parts.append((self._clock(), part))

    def _followed(self, identity: int) -> Iterator[_Channel]:
        return (channel for channel in self._channels.values() if channel.id == identity)

    def _settled(self, channel: _Channel) -> Iterator[Part]:
        while channel.parts:
            came, part = channel.parts[0]
            newest = max((at for at, one in channel.parts if one.album == part.album), default=came)
            if part.album and self._clock() - newest < ALBUM_ENDS:
                return
            channel.parts.popleft()
            yield part
