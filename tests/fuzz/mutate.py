"""Changes to good input: bytes, markup, numbers, nesting, and pieces of other inputs."""

import random
import re
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]

ODD = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"&#xD800;", b"&#0;", b"&#99999999999;", b"\xed\xa0\x80", b"\xe2\x80\xae",
    b"]]>", b"<![CDATA[", b"<!--", b"<!DOCTYPE x [", b"&a;", b"<", b">", b'"', b"\\ud83d", b"\\u0000", b"null", b"true",
    b"1e999", b"-1", b"99999999999999999999", b"[]", b"{}", b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"\n", b"http://[::1",
)  # fmt: skip
TOKEN = re.compile(rb"<[^<>]{1,80}>|\"[^\"]{0,60}\"|-?\d+|\w+")


def flip(rng: random.Random, data: bytes, _pool: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) or 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def cut(rng: random.Random, data: bytes, _pool: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(data) or 1)
    return data[:start] + data[start + rng.randrange(1, 200) :]


def insert(rng: random.Random, data: bytes, _pool: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(ODD) + data[at:]


def repeat(rng: random.Random, data: bytes, _pool: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(data) or 1)
    piece = data[start : start + rng.randrange(1, 60)]
    return data[:start] + piece * rng.choice((2, 10, 300)) + data[start:]


def splice(rng: random.Random, data: bytes, pool: Sequence[bytes]) -> bytes:
    other = rng.choice(pool)
    start = rng.randrange(len(other) or 1)
    at = rng.randrange(len(data) + 1)
    return data[:at] + other[start : start + rng.randrange(1, 400)] + data[at:]


def replace_token(rng: random.Random, data: bytes, _pool: Sequence[bytes]) -> bytes:
    tokens = list(TOKEN.finditer(data))
    if not tokens:
        return data
    one = rng.choice(tokens)
    other = rng.choice(tokens)[0] if rng.random() < 0.5 else rng.choice(ODD)
    return data[: one.start()] + other + data[one.end() :]


MUTATIONS: tuple[Mutation, ...] = (flip, cut, insert, repeat, splice, replace_token, replace_token)


def mutated(rng: random.Random, pool: Sequence[bytes]) -> bytes:
    """One input of the pool with one to six changes."""
    data = rng.choice(pool)
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        data = rng.choice(MUTATIONS)(rng, data, pool)
    return data
