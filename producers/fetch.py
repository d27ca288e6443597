"""What fetching means here: a narrow protocol, its request and response, and every way in which it fails.

The implementation over HTTP is `producers/http.py`; tests may use any object with a `fetch` method.
"""

from typing import Literal, Protocol

import msgspec

from processors.errors import FetchError

MAX_BODY = 10 * 1024 * 1024  # bytes of a body after decompression
MAX_REASON = 500  # characters
DEADLINE = 30.0  # seconds for one request with all its redirects

FailureKind = Literal[
    "url",  # not an http or https address
    "address",  # the name leads to a private or special address
    "dns",  # the name cannot be resolved
    "connect",  # nobody answers there
    "tls",  # certificate or handshake
    "timeout",  # connect, read or whole deadline
    "too_large",  # body or headers above the cap, packed or unpacked
    "encoding",  # the compression is broken or unknown
    "truncated",  # the body ends before its declared length
    "protocol",  # not HTTP
    "redirect",  # too many redirects, or one without a target
    "status",  # an answer other than 200 and 304
]


def printable(text: str) -> str:
    """Words from outside as a terminal or a log may show them: one line, without control characters."""
    return "".join(char if char.isprintable() else " " for char in text[:MAX_REASON])


class FetchFailedError(FetchError):
    """A request that gave no usable body. `code` is `fetch_<kind>`; `status` where the server answered."""

    def __init__(self, kind: FailureKind, reason: str, url: str = "", status: int | None = None) -> None:
        self.reason = printable(reason)
        super().__init__(self.reason)
        self.kind: FailureKind = kind
        self.url, self.status = url, status
        self.code = f"fetch_{kind}"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask for. `etag` and `last_modified` are sent back byte for byte as the server once gave them."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str | None = None
    max_bytes: int = MAX_BODY
    deadline: float = DEADLINE  # seconds, all in all
    read_timeout: float = 10.0  # seconds without a byte


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """A server's last answer. `headers` have lower-case names, repeated ones joined by a comma; `body` is unpacked."""

    status: int
    url: str  # after redirects
    headers: dict[str, str] = {}
    body: bytes = b""
    moved_to: str | None = None  # where permanent redirects alone have led to

    @property
    def etag(self) -> str | None:
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        return self.headers.get("last-modified")


class Fetcher(Protocol):
    """Gets one address. Raises `FetchFailedError` and nothing else."""

    def fetch(self, request: Request) -> Response: ...
