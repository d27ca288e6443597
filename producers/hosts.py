"""Politeness per host: how many requests at once, and how far apart."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from urllib.parse import urlsplit

from producers.fetch import FetchFailedError
from producers.sources import Source

TELEGRAM_HOSTS = {"telegram_preview": "t.me", "telegram_bot": "api.telegram.org", "telegram_client": "telegram"}


class HostLimits:
    """At most `at_once` requests to one host, their starts `spacing` seconds apart (`special` hosts: as given)."""

    def __init__(self, at_once: int = 2, spacing: float = 0.5, special: Mapping[str, float] | None = None) -> None:
        self._at_once, self._spacing, self._special = at_once, spacing, special or {}
        self._changed = threading.Condition()
        self._running: dict[str, int] = {}
        self._next_start: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str, deadline: float) -> Iterator[None]:
        """Waits for a turn with this host until `deadline` (monotonic seconds); raises `timeout` if none comes."""
        self._enter(host, deadline)
        try:
            yield
        finally:
            self._leave(host)

    def _enter(self, host: str, deadline: float) -> None:
        with self._changed:
            while (wait := self._wait(host)) > 0:
                left = deadline - monotonic()
                if left <= 0:
                    raise FetchFailedError("timeout", f"no turn with {host} before the deadline")
                self._changed.wait(min(wait, left))
            self._running[host] = self._running.get(host, 0) + 1
            self._next_start[host] = monotonic() + self._special.get(host, self._spacing)

    def _wait(self, host: str) -> float:
        if self._running.get(host, 0) >= self._at_once:
            return 60.0
        return self._next_start.get(host, 0.0) - monotonic()

    def _leave(self, host: str) -> None:
        with self._changed:
            self._running[host] -= 1
            if not self._running[host]:
                del self._running[host]
            now = monotonic()
            self._next_start = {h: at for h, at in self._next_start.items() if at > now or h in self._running}
            self._changed.notify_all()


def host_of(source: Source) -> str:
    """The host that a source's polls go to."""
    if source.kind in TELEGRAM_HOSTS:
        return TELEGRAM_HOSTS[source.kind]
    return urlsplit(source.url).netloc.lower() or source.id
