"""Content encodings undone piece by piece, so that a small packed body can never become a large one in memory."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

import brotli

from producers.fetch import FetchFailedError

PIECE = 64 * 1024  # bytes unpacked at a time
MAX_LAYERS = 2
ACCEPT_ENCODING = "gzip, deflate, br"


def unpack(chunks: Iterable[bytes], encodings: str, max_bytes: int) -> bytes:
    """The body behind a Content-Encoding header's value. Raises `too_large` as soon as it passes `max_bytes`."""
    names = [name for part in encodings.lower().split(",") if (name := part.strip()) not in ("", "identity")]
    if len(names) > MAX_LAYERS:
        raise FetchFailedError("encoding", f"{len(names)} layers of compression")
    stream: Iterable[bytes] = chunks
    for name in reversed(names):
        stream = _pieces(stream, _decoder(name))
    return _collect(stream, max_bytes)


def _collect(stream: Iterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    for piece in stream:
        body += piece
        if len(body) > max_bytes:
            raise FetchFailedError("too_large", f"body above {max_bytes} bytes")
    return bytes(body)


class _Decoder(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...
    def finished(self) -> bool: ...


def _pieces(chunks: Iterable[bytes], decoder: _Decoder) -> Iterator[bytes]:
    anything = False
    try:
        for chunk in chunks:
            anything = anything or bool(chunk)
            yield from decoder.feed(chunk)
    except (zlib.error, brotli.error) as error:
        raise FetchFailedError("encoding", f"the compressed body is broken: {error}") from error
    if anything and not decoder.finished():
        raise FetchFailedError("truncated", "the compressed body ends too early")


def _decoder(name: str) -> _Decoder:
    if name in ("gzip", "x-gzip"):
        return _Zlib(zlib.MAX_WBITS | 16)
    if name == "deflate":
        return _Deflate()
    if name == "br":
        return _Brotli()
    raise FetchFailedError("encoding", f"unknown content encoding {name[:40]!r}")


class _Zlib:
    """gzip, also of several members, as RFC 1952 allows."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._inner = zlib.decompressobj(wbits)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._inner.eof:
                if not data.startswith(b"\x1f"):
                    return  # padding after the last member
                self._inner = zlib.decompressobj(self._wbits)
            piece = self._inner.decompress(data, PIECE)
            data = self._inner.unconsumed_tail or self._inner.unused_data
            if piece:
                yield piece

    def finished(self) -> bool:
        return self._inner.eof


class _Deflate:
    """`deflate` as the standard has it (zlib) or as some servers send it (raw)."""

    def __init__(self) -> None:
        self._inner: _Zlib | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None and data:
            zlib_header = data[0] & 0x0F == 8 and data[0] >> 4 <= 7
            self._inner = _Zlib(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
        if self._inner is not None:
            yield from self._inner.feed(data)

    def finished(self) -> bool:
        return self._inner is not None and self._inner.finished()


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inner.process(data, output_buffer_limit=PIECE)
        while not self._inner.can_accept_more_data():
            yield self._inner.process(b"", output_buffer_limit=PIECE)

    def finished(self) -> bool:
        return bool(self._inner.is_finished())
