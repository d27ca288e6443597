"""Which addresses may be connected to, and a connection maker that goes nowhere else.

A name is resolved once per connection, every address it has is checked, and the connection is made to a checked
address: what the name says later does not matter. TLS and the Host header keep the name. Reference: OWASP SSRF
Prevention; RFC 6890 and IANA's special-purpose registries, plus transition addresses that carry an IPv4 address inside
(RFC 4291, 6052, 3056, 4380, 7526).
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextvars import ContextVar
from ssl import SSLContext
from time import monotonic
from typing import Any

import httpcore2

from producers.fetch import FetchFailedError

Resolver = Callable[[str, int], list[str]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
UNICAST6 = ipaddress.IPv6Network("2000::/3")
BLOCKED = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "2001::/32",
        "3fff::/20",
    )
)
MAX_ADDRESSES = 16  # tried and checked per name

deadline_at: ContextVar[float] = ContextVar("deadline_at")  # monotonic seconds at which the running request has to end


def is_public(address: str) -> bool:
    """Whether an address is one that anybody on the internet may reach, in whatever notation or wrapping."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    return all(_plainly_public(one) for one in (found, *_carried(found)))


def _plainly_public(address: Address) -> bool:
    if any(address in net for net in BLOCKED if net.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return address in NAT64[0] or (address in UNICAST6 and address.is_global)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: Address) -> Iterable[ipaddress.IPv4Address]:
    """IPv4 addresses inside an IPv6 address, to which a gateway may pass the packets on."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if any(address in net for net in NAT64):
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def system_resolver(host: str, port: int) -> list[str]:
    """All stream addresses of a name, as the system finds them; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections to checked addresses only, and holds every read and write to the running request's deadline."""

    def __init__(
        self,
        allow_private: bool = False,
        resolver: Resolver = system_resolver,
        network: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self._allow_private, self._resolver = allow_private, resolver
        self._tcp = network or httpcore2.SyncBackend()
        self._lookups = ThreadPoolExecutor(8, thread_name_prefix="dns")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception | None = None
        for address in self.checked(host, port):
            try:
                stream = self._tcp.connect_tcp(address, port, _left(timeout), local_address, socket_options)
                return _DeadlineStream(stream)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or FetchFailedError("dns", f"{host}: no address")

    def checked(self, host: str, port: int) -> list[str]:
        """The addresses of a host; raises where any one of them is not public."""
        addresses = self._lookup(host, port)[:MAX_ADDRESSES]
        if not self._allow_private:
            for address in addresses:
                if not is_public(address):
                    raise FetchFailedError("address", f"{host} leads to {address}, which is not a public address")
        return addresses

    def _lookup(self, host: str, port: int) -> list[str]:
        try:
            return self._lookups.submit(self._resolver, host, port).result(_left(10.0))
        except FutureTimeout as error:
            raise FetchFailedError("timeout", f"{host}: the name was not resolved in time") from error
        except (OSError, UnicodeError, ValueError) as error:
            raise FetchFailedError("dns", f"{host}: {error}") from error

    def sleep(self, seconds: float) -> None:
        self._tcp.sleep(seconds)

    def close(self) -> None:
        self._lookups.shutdown(wait=False, cancel_futures=True)


class _DeadlineStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None) -> float:
    left = deadline_at.get(monotonic() + 30.0) - monotonic()
    if left <= 0:
        raise FetchFailedError("timeout", "the whole deadline is over")
    return left if timeout is None else min(left, timeout)
