"""Everything that a feed server may do to harm its readers, by name, with what a poll is to make of it."""

import gzip
import time
import zlib
from collections.abc import Iterable, Iterator
from functools import cache

import brotli
import msgspec

from tests.servers.feeds import Post, fixed, rss
from tests.servers.local import Exchange, Handler

MIB = 1024 * 1024
HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'
ITEM = b"<item><title>t</title><guid>1</guid><description>x</description></item>"
PLAIN = b"<rss version='2.0'><channel><title>t</title>%s</channel></rss>" % ITEM


class Case(msgspec.Struct, frozen=True):
    """`outcomes` are those that are right; `handler` serves it."""

    handler: Handler
    outcomes: tuple[str, ...]


def _packed(pieces: Iterable[bytes], name: str) -> bytes:
    """One gibibyte or so, packed without ever being in memory whole."""
    if name == "br":
        packer = brotli.Compressor(quality=1)
        return b"".join([packer.process(piece) for piece in pieces] + [packer.finish()])
    deflater = zlib.compressobj(1, wbits=31 if name == "gzip" else 15)
    return b"".join([deflater.compress(piece) for piece in pieces] + [deflater.flush()])


@cache
def _bomb(name: str) -> bytes:
    start = HEAD + b"<rss version='2.0'><channel><title>"
    return _packed([start, *[b"A" * MIB] * 1024, b"</title></channel></rss>"], name)


def prepare() -> None:
    """Makes what takes long to make."""
    for name in ("gzip", "br", "deflate"):
        _bomb(name)


def bomb(name: str) -> Handler:
    return lambda exchange: exchange.respond(200, _bomb(name), {"Content-Encoding": name})


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    return HEAD + f"<!DOCTYPE rss [{entities}]>".encode() + PLAIN.replace(b"<title>t", b"<title>&l9;")


def blow_up() -> bytes:
    entity = b'<!DOCTYPE rss [<!ENTITY a "%s">]>' % (b"A" * 50_000)
    return HEAD + entity + PLAIN.replace(b"<title>t", b"<title>" + b"&a;" * 50_000)


def external() -> bytes:
    entity = b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return HEAD + entity + PLAIN.replace(b"<title>t", b"<title>t&x;")


def attributes(count: int) -> bytes:
    return HEAD + b"<rss version='2.0'><channel %s>" % b" ".join(b'%x=""' % n for n in range(count)) + ITEM


def stream(pieces: Iterable[bytes], head: bytes, pause: float = 0.0) -> Handler:
    def handle(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\n" + head)
        for piece in pieces:
            exchange.send(piece)
            time.sleep(pause)

    return handle


class Endless:
    """The same piece for ever."""

    def __init__(self, piece: bytes) -> None:
        self.piece = piece

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield self.piece


def nested(depth: int) -> bytes:
    inside = b"<a>" * depth + b"</a>" * depth
    return HEAD + PLAIN.replace(b"<description>x", b"<description>" + inside)


GOOD = rss([Post(guid="1"), Post(guid="2")])
CLOSED = b"Connection: close\r\n\r\n"
BIG = b"<rss version='2.0'><channel><item><title>"

CASES: dict[str, Case] = {
    "gzip bomb, 1 MB to 1 GiB": Case(bomb("gzip"), ("fetch_too_large",)),
    "brotli bomb to 1 GiB": Case(bomb("br"), ("fetch_too_large",)),
    "deflate bomb to 1 GiB": Case(bomb("deflate"), ("fetch_too_large",)),
    "gzip in gzip in gzip": Case(fixed(b"x", Content_Encoding="gzip, gzip, gzip"), ("fetch_encoding",)),
    "billion laughs": Case(fixed(laughs()), ("new",)),
    "quadratic entity blow-up": Case(fixed(blow_up()), ("new", "parse_memory", "parse_cpu")),
    "external entity and DTD": Case(fixed(external()), ("new",)),
    "1,000,000 attributes": Case(fixed(attributes(1_000_000)), ("parse_attributes", "parse_cpu", "fetch_too_large")),
    "20,000 attributes": Case(fixed(attributes(20_000)), ("parse_attributes",)),
    "nested 200,000 deep": Case(fixed(nested(200_000)), ("new", "parse_cpu", "parse_memory")),
    "300,000 '<'": Case(fixed(BIG + b"<" * 300_000), ("new", "unchanged", "parse_cpu", "parse_unreadable")),
    "300,000 '&'": Case(fixed(BIG + b"&" * 300_000), ("new", "unchanged", "parse_cpu", "parse_unreadable")),
    "100,000 '<!['": Case(fixed(BIG + b"<![" * 100_000), ("unchanged", "parse_cpu", "parse_unreadable")),
    "100,000 '<!--'": Case(fixed(BIG + b"<!--" * 100_000), ("unchanged", "parse_cpu", "parse_unreadable")),
    "50,000 open entities": Case(fixed(b"<!DOCTYPE " + b'<!ENTITY a "' * 50_000), ("parse_unreadable", "parse_cpu")),
    "8 MB in two elements": Case(
        fixed(HEAD + PLAIN.replace(b"<title>t", b"<title>" + b"A" * 4 * MIB)), ("new", "parse_memory")
    ),
    "100 MB in one element": Case(stream([BIG, *[b"A" * MIB] * 100], CLOSED), ("fetch_too_large",)),
    "a body of 200 MB announced": Case(stream([b"x"], b"Content-Length: 200000000\r\n\r\n"), ("fetch_too_large",)),
    "an endless body": Case(stream(Endless(b"A" * 65536), CLOSED), ("fetch_too_large",)),
    "endless headers": Case(stream(Endless(b"X-A: " + b"b" * 999 + b"\r\n"), b""), ("fetch_protocol",)),
    "one byte a second": Case(stream(Endless(b"x"), b"Content-Length: 99999\r\n\r\n", 1.0), ("fetch_timeout",)),
    "silence": Case(lambda _exchange: time.sleep(10), ("fetch_timeout",)),
    "redirect to itself": Case(fixed(b"", 302, Location="/"), ("fetch_redirect",)),
    "redirect to file:": Case(fixed(b"", 302, Location="file:///etc/passwd"), ("fetch_url",)),
    "body cut off": Case(stream([GOOD[:300]], b"Content-Length: 9000\r\n\r\n"), ("fetch_truncated",)),
    "Content-Length too small": Case(stream([GOOD], b"Content-Length: %d\r\n\r\n" % (len(GOOD) - 60)), ("new",)),
    "gzip cut off": Case(fixed(gzip.compress(GOOD)[:-20], Content_Encoding="gzip"), ("fetch_truncated",)),
    "gzip that is none": Case(fixed(GOOD, Content_Encoding="gzip"), ("fetch_encoding",)),
    "NULs in it": Case(fixed(GOOD.replace(b"shells", b"sh\0\0ells")), ("new",)),
    "invalid UTF-8": Case(fixed(GOOD.replace(b"shells", b"sh\xff\xfe\xc0ells")), ("new",)),
    "surrogates and controls": Case(fixed(GOOD.replace(b"shells", b"&#xD800;&#x1;&#x202e;")), ("new",)),
    "UTF-16 said to be UTF-8": Case(fixed(GOOD.decode().encode("utf-16")), ("new", "parse_unreadable")),
    "a page instead of a feed": Case(fixed(b"<!doctype html><html><body>Sign in</body></html>"), ("parse_unreadable",)),
    "nothing at all": Case(fixed(b""), ("parse_unreadable",)),
    "410": Case(fixed(b"", 410), ("gone",)),
    "429": Case(fixed(b"", 429, Retry_After="60"), ("fetch_status",)),
    "not HTTP": Case(lambda exchange: exchange.send(b"220 ready\r\n"), ("fetch_protocol", "fetch_truncated")),
}
