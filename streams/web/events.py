"""Alerts as server-sent events. A client that comes back with `Last-Event-ID` gets what it missed out of the store.

Nothing is queued for a client: it holds its place in the outbox, and is read on when it has taken what it was given. So
a slow one costs no memory, and one that takes nothing for `PATIENCE` is let go; it comes back to its place.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send

from processors.errors import UnavailableError
from processors.model import Alert
from streams import observe
from streams.codec import encode
from streams.web import outbox
from streams.web.access import Access

MOST_CLIENTS = 64
AT_ONCE = 50  # alerts read at a time for a client
LOOK_EVERY = 0.5  # seconds between two looks at the outbox, for all clients together
HEARTBEAT = 15.0  # seconds of silence
PATIENCE = 30.0  # seconds that one write may take
RETRY_MS = 2000
START = "start"  # as the alert to begin behind: all that are kept
HEADERS = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no"}


class Places:
    """Where the outbox has come to, looked up at most once in `LOOK_EVERY` however many ask."""

    def __init__(self, access: Access) -> None:
        self._access, self._lock = access, asyncio.Lock()
        self._looked, self._newest = float("-inf"), 0
        self.clients = 0

    async def newest(self) -> int:
        """As of `LOOK_EVERY` ago; as far as is known where the database does not answer."""
        async with self._lock:
            if time.monotonic() - self._looked >= LOOK_EVERY:
                with suppress(UnavailableError):
                    self._newest = await self._access.ask(outbox.newest_place)
                self._looked = time.monotonic()
            return self._newest

    async def begin(self, after: str | None) -> int | None:
        """The place to begin behind: an alert's, the start's, or the end where none is named. None: it is not known."""
        if after is None:
            return await self._access.ask(outbox.newest_place)
        return 0 if after == START else await self._access.ask(lambda c: outbox.place_of(c, after))

    async def behind(self, place: int) -> outbox.Placed:
        return await self._access.ask(lambda c: outbox.behind(c, place, AT_ONCE))


class EventStream:
    """One client's answer, an ASGI application. `closing` says that the server ends."""

    def __init__(self, places: Places, place: int | None, closing: Callable[[], bool]) -> None:
        self._places, self._place, self._closing = places, place, closing
        self._gone = False

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        self._places.clients += 1
        observe.SSE_CLIENTS.set(self._places.clients)
        watching = asyncio.ensure_future(self._watch(receive))
        try:
            await self._give(send)
        except (TimeoutError, OSError):
            pass  # it went, or takes nothing: it comes back to its place
        finally:
            watching.cancel()
            self._places.clients -= 1
            observe.SSE_CLIENTS.set(self._places.clients)

    async def _give(self, send: Send) -> None:
        headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
        await _within({"type": "http.response.start", "status": 200, "headers": headers}, send)
        await _write(f"retry: {RETRY_MS}\n\n".encode(), send)
        if self._place is None:
            self._place = await self._places.begin(None)
            await _write(
                b'event: reset\ndata: {"reason": "the alert to go on behind is not, or no longer, known"}\n\n', send
            )
        said = time.monotonic()
        while not (self._gone or self._closing()):
            if await self._give_news(send) or time.monotonic() - said >= HEARTBEAT:
                await _write(b": still here\n\n", send)
                said = time.monotonic()
            await asyncio.sleep(LOOK_EVERY)
        await _within({"type": "http.response.body", "body": b"", "more_body": False}, send)

    async def _give_news(self, send: Send) -> bool:
        """All that came behind the client's place; whether anything did."""
        begun = self._place or 0
        while not self._gone and await self._places.newest() > (self._place or 0):
            for place, alert in await self._places.behind(self._place or 0):
                await _write(event(alert), send)
                self._place = place
                observe.SSE_EVENTS.inc()
        return (self._place or 0) > begun

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True


def event(alert: Alert) -> bytes:
    """An alert as one event. JSON has no line breaks, whatever the words have."""
    return b"id: %b\nevent: alert\ndata: %b\n\n" % (alert.alert_id.encode(), encode(alert))


async def _write(data: bytes, send: Send) -> None:
    await _within({"type": "http.response.body", "body": data, "more_body": True}, send)


async def _within(message: Message, send: Send) -> None:
    async with asyncio.timeout(PATIENCE):
        await send(message)
