"""An internet in one process: names with public addresses, all of which are really servers on 127.0.0.1."""

from collections.abc import Iterable, Mapping
from typing import Any

import httpcore2

from producers.addresses import Resolver


class Internet(httpcore2.NetworkBackend):
    """Connects every public address to 127.0.0.1 and notes where it was asked to go."""

    def __init__(self) -> None:
        self.connected: list[str] = []
        self._tcp = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        self.connected.append(host)
        return self._tcp.connect_tcp("127.0.0.1", port, timeout, local_address, socket_options)


def names(addresses: Mapping[str, list[str]]) -> Resolver:
    """Resolves these names only."""

    def resolve(host: str, port: int) -> list[str]:
        if host not in addresses:
            raise OSError(f"no such name: {host}")
        return addresses[host]

    return resolve


def always(address: str) -> Resolver:
    """Resolves every name to one address."""

    def resolve(host: str, port: int) -> list[str]:
        return [address]

    return resolve
