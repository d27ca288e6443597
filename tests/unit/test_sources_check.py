"""What a newcomer is told about a source, and the list to start from."""

import pytest

from producers import health
from producers.diagnosis import diagnose_feed, diagnose_source
from producers.http import FetchSettings, HttpFetcher
from producers.kinds import polling
from producers.sources import Source, parse
from producers.starter import starter_pack
from producers.state import Health, SourceState
from producers.status import status_of
from tests.servers.feeds import NOON, Post, fixed, rss
from tests.servers.local import Handler, LocalServer
from tests.servers.parsing import DirectParser


@pytest.mark.parametrize(
    ("handler", "code", "words"),
    [
        (fixed(rss([Post(guid="1")], "<ttl>60</ttl>")), "ok", "every 60 minutes"),
        (fixed(rss([])), "no_entries", "no entries"),
        (fixed(rss([Post(guid="1", minutes=-60 * 24 * 30)])), "ok", "more than a week"),
        (fixed(rss([Post(guid=None)])), "ok", "neither id nor link"),
        (fixed(b"", 404), "fetch_status", "no feed at this address"),
        (fixed(b"", 410), "fetch_status", "gone for good"),
        (fixed(b"", 500), "fetch_status", "later"),
        (fixed(b"<html><body>x</body></html>"), "parse_unreadable", "is no feed"),
        (fixed(b'<html><link rel=alternate type="application/rss+xml" href="/f"></html>'), "ok", "/f instead"),
        (fixed(b"x", Content_Encoding="zstd"), "fetch_encoding", "browser"),
    ],
)
def test_check_says_what_is_wrong_and_what_to_do(handler: Handler, code: str, words: str) -> None:
    with LocalServer(handler) as server, HttpFetcher(FetchSettings(allow_private=True)) as fetcher:
        found = diagnose_feed(server.url(), fetcher, DirectParser(), NOON)
    assert found.code == code
    assert words in " ".join(found.findings + found.advice)


def test_check_of_a_private_address_names_the_setting() -> None:
    with HttpFetcher() as fetcher:
        found = diagnose_feed("http://127.0.0.1/feed", fetcher, DirectParser(), NOON)
    assert "TOCSIN_FETCH_ALLOW_PRIVATE" in found.advice[0]


def test_check_of_a_listed_source() -> None:
    with LocalServer(fixed(rss([Post(guid="1")]))) as server, HttpFetcher(FetchSettings(allow_private=True)) as fetcher:
        found = diagnose_source(Source(id="a", url=server.url()), polling(fetcher, DirectParser()), NOON)
    assert found.ok and found.findings[0].startswith("1 items")


def test_the_starter_pack_is_a_good_list_with_telegram_off() -> None:
    sources = parse(starter_pack())
    assert len(sources) >= 20
    assert not any(source.enabled for source in sources if source.kind.startswith("telegram"))
    assert {source.reliability for source in sources} == {"F"}
    assert len({source.region for source in sources if source.region}) >= 5


def test_a_kind_that_is_not_configured_is_explained() -> None:
    bot = Source(id="bot", url="front_news", kind="telegram_bot")
    found = diagnose_source(bot, polling(HttpFetcher(), DirectParser()), NOON)
    assert (found.ok, found.code) == (False, "config") and "docs/sources.md" in found.advice[0]


def test_nothing_from_outside_steers_the_terminal() -> None:
    escape = rss([Post(guid="1")]).replace(b"Test wire", "wire\u202e\u009b31m".encode())
    for handler in (fixed(escape), fixed(b"x", Content_Encoding="\x1b[2Jzip"), fixed(b"", 302, Location="x:\x1b[2J")):
        with LocalServer(handler) as server, HttpFetcher(FetchSettings(allow_private=True)) as fetcher:
            found = diagnose_feed(server.url(), fetcher, DirectParser(), NOON)
        assert all(line.isprintable() for line in found.findings + found.advice)


def test_the_status_of_a_source_says_all_that_is_remembered() -> None:
    source = Source(id="a", url="https://a.example/rss", reliability="B")
    fresh = status_of(source, None, NOON)
    assert (fresh.verdict, fresh.polls, fresh.rejected_share, fresh.reliability) == ("new", 0, 0.0, "B")
    well = health.succeeded(Health(), NOON, "new", items=3, entries=4, rejected=1, gap=True)
    seen = status_of(source, SourceState(source_id="a", health=well), NOON)
    assert (seen.verdict, seen.rejected_share, seen.gaps, seen.last_gap) == ("ok", 0.25, 1, NOON)
    assert len(seen.history) == 1
