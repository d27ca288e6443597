"""One Telegram account over Telethon: its session file, its lock, its thread, its log-in.

The session file is as good as the account's password: it is made with mode 0600. Only one process at a time may use it.
"""

import asyncio
import fcntl
import os
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from telethon import TelegramClient, events

from processors.errors import ConfigError
from producers.telethon_gateway import TelethonGateway

REQUEST_SECONDS = 60.0
WATCH_SECONDS = 5.0


class SessionLock:
    """Holds a session for this process; `ConfigError` where another one does."""

    def __init__(self, session: Path) -> None:
        self._path = session.with_suffix(".lock")
        self._file: IO[str] | None = None

    def __enter__(self) -> "SessionLock":
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise ConfigError(f"{self._path}: another process uses this Telegram session") from error
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            self._file.close()


def make_private(session: Path) -> None:
    """Makes the session file, or narrows it, so that only its owner can read it."""
    session.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(session, os.O_CREAT | os.O_RDWR, 0o600))
    session.chmod(0o600)


def login(session: Path, api_id: int, api_hash: str, ask: Callable[[str], str]) -> str:
    """Logs an account in, asking for phone number, code and, where set, password; returns the account's name."""
    with SessionLock(session):
        make_private(session)
        client = TelegramClient(str(session), api_id, api_hash)

        async def start() -> str:
            await client.start(
                phone=lambda: ask("phone number"),
                code_callback=lambda: ask("code that Telegram sent"),
                password=lambda: ask("password"),
            )
            me = await client.get_me()
            await client.disconnect()
            return str(me.username or me.id)

        return asyncio.run(start())


class TelethonSession:
    """A logged-in account at work in a thread of its own; `gateway` is what is polled. Use as a context manager."""

    def __init__(self, session: Path, api_id: int, api_hash: str) -> None:
        self._path, self._api_id, self._api_hash = session, api_id, api_hash
        self._lock = SessionLock(session)
        self._loop = asyncio.new_event_loop()
        self._client: Any = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self.gateway = TelethonGateway(self._invoke)

    def __enter__(self) -> "TelethonSession":
        self._lock.__enter__()
        make_private(self._path)
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client:
            self._run(self._client.disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(REQUEST_SECONDS)
        self._lock.__exit__(kind, error, trace)

    async def _start(self) -> None:
        # a flood wait is not slept through: it is said, stored and obeyed by the schedule
        self._client = TelegramClient(str(self._path), self._api_id, self._api_hash, flood_sleep_threshold=0)
        self._client.add_event_handler(self._on_update, events.Raw())
        await self._client.connect()
        if not await self._client.is_user_authorized():
            raise ConfigError(f"{self._path}: not logged in; run `tocsin sources login`")
        self._watch = self._loop.create_task(self._watch_connection())

    async def _on_update(self, update: object) -> None:
        self.gateway.on_update(update)

    async def _watch_connection(self) -> None:
        connected = True
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            now = bool(self._client.is_connected())
            if now and not connected:
                self.gateway.on_reconnect()
            connected = now

    def _invoke(self, request: Any) -> Any:
        return self._run(self._client(request))

    def _run(self, work: Any) -> Any:
        future = asyncio.run_coroutine_threadsafe(_awaited(work), self._loop)
        try:
            return future.result(REQUEST_SECONDS)
        except FutureTimeoutError as error:
            future.cancel()
            raise TimeoutError("Telegram did not answer in time") from error


async def _awaited(work: Any) -> Any:
    return await work
