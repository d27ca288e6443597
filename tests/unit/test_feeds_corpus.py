"""Whole files through a poll: our own small corpus, which says what it expects, and feedparser's where it is there."""

import io
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from producers.fetch import Request, Response
from producers.poll import PollResult, poll
from producers.sandbox import Sandbox
from producers.sources import Source
from producers.state import SourceState, encode

OWN = Path(__file__).parents[1] / "corpus_feeds"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "feeds"
NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Body:
    def __init__(self, body: bytes) -> None:
        self.body = body

    def fetch(self, request: Request) -> Response:
        return Response(status=200, url=request.url, body=self.body)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as one:
        yield one


def polled(body: bytes, sandbox: Sandbox) -> PollResult:
    source = Source(id="corpus", url="https://harbour.example/feed")
    return poll(source, SourceState(source_id="corpus"), Body(body), NOW, parser=sandbox)


def expected(body: bytes) -> dict[str, str]:
    match = re.search(rb"expect: (.*?) -->", body.replace(b"\0", b""))
    assert match
    encoding = "utf-16" if b"\0" in body[:20] else "windows-1251" if b"windows-1251" in body[:60] else "utf-8"
    text = body.decode(encoding, "replace")
    found = re.search("expect: (.*?) -->", text)
    return dict(pair.split("=", 1) for pair in found[1].split()) if found else {}


def described(result: PollResult) -> dict[str, str]:
    first = result.items[0] if result.items else None
    return {
        "outcome": result.outcome,
        "items": str(len(result.items)),
        "rejected": str(len(result.rejected)),
        "undated": str(sum(not item.dated for item in result.items)),
        "first": first.external_id if first else "",
        "channel": first.channel if first else "",
        "title": (first.title or "").split()[0] if first and (first.title or "").split() else "",
        "body": "whole" if first and "whole report" in first.body else "",
    }


@pytest.mark.parametrize("path", sorted(OWN.glob("*.*")), ids=lambda path: path.name)
def test_own_corpus(path: Path, sandbox: Sandbox) -> None:
    body = path.read_bytes()
    found, wanted = described(polled(body, sandbox)), expected(body)
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.skipif(not (SHARED / "feedparser_corpus.tar.gz").exists(), reason="the large corpus is not here")
def test_feedparser_corpus_without_a_crash_and_with_every_entry_accounted_for(sandbox: Sandbox) -> None:
    files = 0
    with tarfile.open(SHARED / "feedparser_corpus.tar.gz") as corpus:
        for member in corpus:
            if not member.isfile() or not member.name.endswith(".xml"):
                continue
            body = corpus.extractfile(member).read()  # type: ignore[union-attr]
            result = polled(body, sandbox)
            files += 1
            assert result.outcome in ("new", "unchanged", "parse_unreadable"), member.name
            assert encode(result.state)
            if result.outcome != "parse_unreadable":
                entries = len(feedparser.parse(io.BytesIO(body)).entries)
                assert len(result.items) + len(result.rejected) + result.repeated == entries, member.name
    assert files > 2000


@pytest.mark.skipif(not SHARED.exists(), reason="the recorded feeds are not here")
@pytest.mark.parametrize("name", ["bbc_2024-08-08.xml", "cnn_2024-08-08.xml"])
def test_recorded_feeds(name: str, sandbox: Sandbox) -> None:
    result = polled((SHARED / name).read_bytes(), sandbox)
    assert len(result.items) > 30 and not result.rejected
    assert all(item.url and item.title for item in result.items)
