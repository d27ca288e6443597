"""The fetcher over HTTP: one connection pool, guarded addresses, streamed unpacking, every redirect checked again."""

import re
import ssl
from collections.abc import Iterator
from importlib.metadata import version
from time import monotonic
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import httpcore2
import httpx2
import msgspec

from producers.addresses import GuardedBackend, Resolver, deadline_at, system_resolver
from producers.fetch import FetchFailedError, Request, Response
from producers.hosts import HostLimits
from producers.unpack import ACCEPT_ENCODING, unpack

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
MAX_REDIRECTS = 5
MAX_URL = 4096
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
LIMITS = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)


class FetchSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How to fetch. `proxy` is used only when set here: proxy variables of the environment are ignored."""

    allow_private: bool = False
    contact: str = "https://github.com/tocsin-project/tocsin"  # where a publisher can read who asks
    proxy: str | None = None
    at_once_per_host: int = 2
    spacing_per_host: float = 0.5  # seconds between two starts
    spacing_special: dict[str, float] = msgspec.field(default_factory=lambda: {"t.me": 2.0})
    connect_timeout: float = 10.0  # seconds
    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})  # all are allowed together with private addresses


DEFAULTS = FetchSettings()


class HttpFetcher:
    """A `Fetcher` over httpx2. Threads may share it; close it in the end."""

    def __init__(
        self,
        settings: FetchSettings = DEFAULTS,
        *,
        resolver: Resolver = system_resolver,
        verify: ssl.SSLContext | None = None,
        network: httpcore2.NetworkBackend | None = None,
    ) -> None:
        self._settings = settings
        self._hosts = HostLimits(settings.at_once_per_host, settings.spacing_per_host, settings.spacing_special)
        self._guard = GuardedBackend(settings.allow_private, resolver, network)
        self._client = httpx2.Client(
            transport=_transport(settings, self._guard, verify or httpx2.create_ssl_context(trust_env=False)),
            headers={"User-Agent": user_agent(settings.contact), "Accept-Encoding": ACCEPT_ENCODING},
            trust_env=False,
        )

    def fetch(self, request: Request) -> Response:
        """See `Fetcher`. Follows up to five redirects; cookies are not kept."""
        ends = monotonic() + request.deadline
        token = deadline_at.set(ends)
        try:
            return self._follow(request, ends)
        finally:
            deadline_at.reset(token)
            self._client.cookies.clear()

    def _follow(self, request: Request, ends: float) -> Response:
        url, moved_to, permanent = request.url, None, True
        for _ in range(MAX_REDIRECTS + 1):
            host = self._check(url)
            with self._hosts.turn(host, ends):
                response = self._once(request, url)
            if response.status not in REDIRECTS:
                return msgspec.structs.replace(response, moved_to=moved_to)
            permanent = permanent and response.status in PERMANENT
            url = _target(response, url)
            moved_to = url if permanent else moved_to
        raise FetchFailedError("redirect", f"more than {MAX_REDIRECTS} redirects", url)

    def _check(self, url: str) -> str:
        host, port = host_and_port(url)
        if not self._settings.allow_private and port not in self._settings.ports:
            raise FetchFailedError("url", f"port {port} is not asked", url)
        if self._settings.proxy and _is_number(host):
            self._guard.checked(host, port)
        return host

    def _once(self, request: Request, url: str) -> Response:
        timeout = httpx2.Timeout(request.read_timeout, connect=self._settings.connect_timeout)
        try:
            with self._client.stream("GET", url, headers=_headers(request), timeout=timeout) as answer:
                return _read(answer, request, url)
        except FetchFailedError as failure:
            failure.url = failure.url or url
            raise
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise _failure(error, url) from error
        except (ssl.SSLError, OSError, ValueError) as error:
            raise FetchFailedError("connect", f"{type(error).__name__}: {error}", url) from error

    def close(self) -> None:
        self._client.close()
        self._guard.close()

    def __enter__(self) -> "HttpFetcher":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def user_agent(contact: str) -> str:
    """Who asks, in which version, and where to complain."""
    return f"tocsin/{version('tocsin')} (+{contact})"


def host_and_port(url: str) -> tuple[str, int]:
    """Host and port of an http or https address; raises `url` for anything else."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise FetchFailedError("url", f"not an address: {error}", url) from error
    if parts.scheme not in ("http", "https") or not host or len(url) > MAX_URL:
        raise FetchFailedError("url", f"not an http or https address: {url[:80]!r}", url)
    return host.lower(), port or (443 if parts.scheme == "https" else 80)


def _transport(settings: FetchSettings, guard: GuardedBackend, context: ssl.SSLContext) -> httpx2.HTTPTransport:
    if settings.proxy:
        return httpx2.HTTPTransport(verify=context, trust_env=False, limits=LIMITS, proxy=settings.proxy)
    transport = httpx2.HTTPTransport(verify=context, trust_env=False, limits=LIMITS)
    # httpx2 has no public way to give its transport a network backend
    transport._pool = httpcore2.ConnectionPool(
        ssl_context=context,
        max_connections=LIMITS.max_connections,
        max_keepalive_connections=LIMITS.max_keepalive_connections,
        keepalive_expiry=LIMITS.keepalive_expiry,
        network_backend=guard,
    )
    return transport


def _headers(request: Request) -> dict[str, str]:
    headers = {"Accept": request.accept or ACCEPT}
    if request.etag:
        headers["If-None-Match"] = request.etag
        headers["A-IM"] = "feed"
    if request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    return headers


def _read(answer: httpx2.Response, request: Request, url: str) -> Response:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    plain = Response(status=answer.status_code, url=url, headers=headers)
    if answer.status_code in REDIRECTS or answer.status_code in (204, 304):
        return plain
    declared = headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:15]) > request.max_bytes:
        raise FetchFailedError("too_large", f"the server announces {declared[:15]} bytes", url, answer.status_code)
    body = unpack(_raw(answer), headers.get("content-encoding", ""), request.max_bytes)
    return msgspec.structs.replace(plain, body=body)


def _raw(answer: httpx2.Response) -> Iterator[bytes]:
    yield from answer.iter_raw(64 * 1024)


def _target(response: Response, url: str) -> str:
    location = response.headers.get("location", "").strip()
    if not location:
        raise FetchFailedError("redirect", "a redirect without a target", url, response.status)
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise FetchFailedError("redirect", f"a redirect to no address: {error}", url, response.status) from error


def _is_number(host: str) -> bool:
    """Whether a host is an address in some notation: its last part is a number (WHATWG URL, ends-in-a-number checker)."""
    return ":" in host or re.fullmatch(r"\d+|0x[0-9a-f]*", host.rstrip(".").rpartition(".")[2]) is not None


def _failure(error: Exception, url: str) -> FetchFailedError:
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, httpx2.TimeoutException):
        return FetchFailedError("timeout", text, url)
    if (
        isinstance(error.__cause__ and error.__cause__.__cause__, ssl.SSLError)
        or "SSL" in text
        or "CERTIFICATE" in text
    ):
        return FetchFailedError("tls", text, url)
    if isinstance(error, httpx2.ConnectError):
        return FetchFailedError("connect", text, url)
    if isinstance(error, httpx2.RemoteProtocolError) and "complete" in text:
        return FetchFailedError("truncated", text, url)
    return FetchFailedError("protocol", text, url)
