"""The fetcher against a real server on 127.0.0.1: validators, compression, caps, deadlines, redirects."""

import gzip
import time
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest

from producers.fetch import FetchFailedError, Request
from producers.http import FetchSettings, HttpFetcher
from tests.servers.feeds import fixed, with_validators
from tests.servers.local import Exchange, Handler, LocalServer

BODY = b"<rss>" + b"words of a feed " * 2000 + b"</rss>"


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    with HttpFetcher(FetchSettings(allow_private=True, spacing_per_host=0.0)) as one:
        yield one


def failure(fetcher: HttpFetcher, handler: Handler, **options: object) -> FetchFailedError:
    with LocalServer(handler) as server, pytest.raises(FetchFailedError) as caught:
        fetcher.fetch(Request(url=server.url(), **options))  # type: ignore[arg-type]
    return caught.value


def test_validators_are_echoed_byte_for_byte(fetcher: HttpFetcher) -> None:
    with LocalServer(with_validators(lambda: BODY)) as server:
        first = fetcher.fetch(Request(url=server.url()))
        again = fetcher.fetch(
            Request(url=server.url(), etag=first.etag, last_modified="Tue,  03 Mar 2026 10:00:00 GMT")
        )
    assert first.etag and first.etag.startswith('W/"')
    assert (first.status, first.body, again.status, again.body) == (200, BODY, 304, b"")
    assert server.seen[1].headers["if-none-match"] == first.etag
    assert server.seen[1].headers["if-modified-since"] == "Tue,  03 Mar 2026 10:00:00 GMT"
    assert server.seen[0].headers["user-agent"].startswith("tocsin/")


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY[:100]) + gzip.compress(BODY[100:])),
        ("gzip", gzip.compress(BODY) + b"\0\0\0\0"),
        ("deflate", zlib.compress(BODY)),
        ("deflate", raw_deflate(BODY)),
        ("br", brotli.compress(BODY)),
        ("gzip, br", brotli.compress(gzip.compress(BODY))),
        ("identity", BODY),
    ],
)
def test_unpacks(fetcher: HttpFetcher, encoding: str, packed: bytes) -> None:
    with LocalServer(fixed(packed, Content_Encoding=encoding)) as server:
        assert fetcher.fetch(Request(url=server.url())).body == BODY


@pytest.mark.parametrize(
    ("encoding", "packed", "code"),
    [
        ("gzip", gzip.compress(BODY)[:-30], "fetch_truncated"),
        ("br", brotli.compress(BODY)[:-5], "fetch_truncated"),
        ("gzip", b"not gzip at all", "fetch_encoding"),
        ("br", b"\xff" * 50, "fetch_encoding"),
        ("zstd", b"x", "fetch_encoding"),
        ("gzip, gzip, gzip", b"x", "fetch_encoding"),
    ],
)
def test_broken_compression_is_said(fetcher: HttpFetcher, encoding: str, packed: bytes, code: str) -> None:
    assert failure(fetcher, fixed(packed, Content_Encoding=encoding)).code == code


@pytest.mark.parametrize(
    ("name", "pack"), [("gzip", gzip.compress), ("br", brotli.compress), ("deflate", zlib.compress)]
)
def test_bombs_stop_at_the_cap(fetcher: HttpFetcher, name: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(b"\0" * 50_000_000)
    assert failure(fetcher, fixed(bomb, Content_Encoding=name), max_bytes=1_000_000).code == "fetch_too_large"


def test_announced_size_is_refused_at_once(fetcher: HttpFetcher) -> None:
    def announce(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n")
        time.sleep(3)

    started = time.monotonic()
    assert failure(fetcher, announce).code == "fetch_too_large"
    assert time.monotonic() - started < 2


def endless_body(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        exchange.send(b"A" * 65536)


def endless_headers(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        exchange.send(b"X-A: " + b"b" * 1000 + b"\r\n")


def trickle(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        exchange.send(b"x")
        time.sleep(0.1)


def trickled_headers(exchange: Exchange) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1000:
        exchange.send(bytes([byte]))
        time.sleep(0.1)


def silent(exchange: Exchange) -> None:
    time.sleep(5)


def cut_short(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this")


def cut_chunk(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100\r\nonly this")


def no_http(exchange: Exchange) -> None:
    exchange.send(b"SSH-2.0-OpenSSH_9.0\r\n\r\n")


def huge_chunk_size(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 50 + b"\r\nx")


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        (endless_body, "fetch_too_large"),
        (endless_headers, "fetch_protocol"),
        (trickle, "fetch_timeout"),
        (trickled_headers, "fetch_timeout"),
        (silent, "fetch_timeout"),
        (cut_short, "fetch_truncated"),
        (cut_chunk, "fetch_truncated"),
        (no_http, "fetch_protocol"),
        (huge_chunk_size, "fetch_protocol"),
    ],
)
def test_misbehaviour_has_a_reason_and_an_end(fetcher: HttpFetcher, handler: Handler, code: str) -> None:
    started = time.monotonic()
    assert failure(fetcher, handler, deadline=1.5, read_timeout=1.0).code == code
    assert time.monotonic() - started < 2.5


def test_body_longer_than_declared_is_cut_where_it_was_declared(fetcher: HttpFetcher) -> None:
    with LocalServer(lambda e: e.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody and more")) as server:
        assert fetcher.fetch(Request(url=server.url())).body == b"body"


def redirect(location: str, status: int = 302) -> Handler:
    return fixed(b"", status, Location=location)


def test_follows_redirects_and_says_when_they_are_for_good(fetcher: HttpFetcher) -> None:
    routes = {"/old": redirect("/older", 301), "/older": redirect("/new", 308), "/new": fixed(BODY)}
    with LocalServer(routes) as server:
        response = fetcher.fetch(Request(url=server.url("/old")))
        assert (response.status, response.url, response.moved_to) == (200, server.url("/new"), server.url("/new"))


def test_a_passing_redirect_ends_the_move(fetcher: HttpFetcher) -> None:
    routes = {"/old": redirect("/kept", 301), "/kept": redirect("/now", 302), "/now": fixed(BODY)}
    with LocalServer(routes) as server:
        response = fetcher.fetch(Request(url=server.url("/old")))
        assert (response.url, response.moved_to) == (server.url("/now"), server.url("/kept"))


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("/", "fetch_redirect"),
        ("", "fetch_redirect"),
        ("file:///etc/passwd", "fetch_url"),
        ("ftp://127.0.0.1/x", "fetch_url"),
        ("gopher://127.0.0.1/x", "fetch_url"),
        ("http://[::1/x", "fetch_redirect"),
    ],
)
def test_redirects_that_are_not_followed(fetcher: HttpFetcher, location: str, code: str) -> None:
    assert failure(fetcher, redirect(location)).code == code


def test_nobody_there(fetcher: HttpFetcher) -> None:
    with LocalServer({}) as server:
        url = server.url()
    with pytest.raises(FetchFailedError) as caught:
        fetcher.fetch(Request(url=url))
    assert caught.value.code == "fetch_connect"


def test_cookies_are_not_kept(fetcher: HttpFetcher) -> None:
    with LocalServer(fixed(BODY, Set_Cookie="id=1; Path=/")) as server:
        fetcher.fetch(Request(url=server.url()))
        fetcher.fetch(Request(url=server.url()))
    assert "cookie" not in server.seen[1].headers


def test_proxy_variables_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with HttpFetcher(FetchSettings(allow_private=True)) as one, LocalServer(fixed(BODY)) as server:
        assert one.fetch(Request(url=server.url())).body == BODY


def test_proxy_that_is_set_is_used() -> None:
    with LocalServer(fixed(BODY)) as proxy, HttpFetcher(FetchSettings(proxy=proxy.url())) as one:
        assert one.fetch(Request(url="http://news.example/feed")).body == BODY
        assert proxy.seen[0].path == "http://news.example/feed"
        with pytest.raises(FetchFailedError):
            one.fetch(Request(url="http://0x7f.1/feed"))
