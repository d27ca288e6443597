"""Many sources at once: due ones are polled, slow ones delay nobody, nothing is polled again before it was taken in."""

import threading
import time
from datetime import datetime, timedelta

import msgspec

from processors.model import Item
from producers import health
from producers.http import FetchSettings, HttpFetcher
from producers.kinds import polling
from producers.poll import PollResult
from producers.poller import Poller, utc_now
from producers.sources import Source
from producers.state import Health, Seen, SourceState, fitted
from tests.servers.feeds import NOON, Post, fixed, rss, with_validators
from tests.servers.local import Handler, LocalServer
from tests.servers.parsing import DirectParser

SOON = timedelta(seconds=30)


def answer(source: Source, state: SourceState, seconds: float = 0.0) -> PollResult:
    time.sleep(seconds)
    now = utc_now()
    item = Item(
        source_id=source.id, external_id="1", kind="new", published_at=NOON, body="x", url="https://w.example/1"
    )
    seen = {"1": Seen(digest="d", revision=0, published=0, at=0, link="l")}
    health = msgspec.structs.replace(state.health, polls=state.health.polls + 1)
    state = msgspec.structs.replace(state, next_poll=now + timedelta(milliseconds=50), seen=seen, health=health)
    return PollResult(source_id=source.id, outcome="new", state=state, items=(item,))


def quick(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
    return answer(source, state)


def sources(count: int, **options: str) -> list[Source]:
    return [Source(id=f"s{n}", url=f"https://s{n}.example/rss", **options) for n in range(count)]  # type: ignore[arg-type]


def drain(poller: Poller) -> list[PollResult]:
    results = []
    poller.start()
    while not poller.finished:
        if result := poller.take(0.1):
            results.append(result)
            poller.acknowledge(result)
    poller.stop()
    return results


def test_once_polls_each_source_once() -> None:
    results = drain(Poller(sources(20), {}, quick, once=True, workers=4))
    assert sorted(result.source_id for result in results) == sorted(source.id for source in sources(20))


def test_disabled_and_stopped_sources_are_left_alone() -> None:
    off = msgspec.structs.replace(sources(2)[0], enabled=False)
    gone = SourceState(source_id="s1", stopped="gone")
    poller = Poller([off, sources(2)[1]], {"s1": gone}, quick)
    assert poller.finished


def test_slow_sources_do_not_delay_the_others() -> None:
    def poll(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        return answer(source, state, 1.0 if source.id in ("s0", "s1") else 0.0)

    poller = Poller(sources(40), {}, poll, once=True, workers=4)
    started, early = time.monotonic(), 0
    poller.start()
    while result := poller.take(0.5):
        early += time.monotonic() - started < 0.8
        poller.acknowledge(result)
    poller.stop()
    assert early == 38


def test_a_slow_taker_slows_polling_and_loses_nothing() -> None:
    polled: list[str] = []

    def poll(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        polled.append(source.id)
        return answer(source, state)

    poller = Poller(sources(50), {}, poll, once=True, workers=3, waiting=5).start()
    time.sleep(0.3)
    assert len(polled) <= 5 + 3
    assert len(drain_started(poller)) == 50
    poller.stop()


def drain_started(poller: Poller) -> set[str]:
    found = set()
    while not poller.finished:
        if result := poller.take(0.1):
            found.add(result.source_id)
            poller.acknowledge(result)
    return found


def test_what_was_not_acknowledged_is_not_polled_again() -> None:
    poller = Poller(sources(1), {}, quick).start()
    first = poller.take(1.0)
    assert first and poller.take(0.3) is None
    poller.acknowledge(first)
    second = poller.take(1.0)
    assert second and second.state.health.polls == 2
    poller.stop()


def test_one_host_is_asked_by_few_at_once() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def poll(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        result = answer(source, state, 0.05)
        with lock:
            running -= 1
        return result

    same = [Source(id=f"s{n}", url=f"https://one.example/{n}") for n in range(10)]
    drain(Poller(same, {}, poll, once=True, workers=8, per_host=2))
    assert most == 2


def test_an_article_in_several_feeds_of_a_publisher_is_one_item() -> None:
    results = drain(Poller(sources(3, publisher="wire"), {}, quick, once=True, workers=1))
    items = [item for result in results for item in result.items]
    assert len(items) == 1
    others = [result.state.seen["1"].shared_with for result in results if not result.items]
    assert others == [items[0].key] * 2


def test_who_brought_an_article_is_known_after_a_restart() -> None:
    state = {
        "s1": SourceState(source_id="s1", seen={"9": Seen(digest="d", revision=0, published=0, at=0, link=link())})
    }
    two = sources(2, publisher="wire")
    results = drain(Poller(two[:1], state, quick, once=True, workers=1))
    assert results[0].items  # the owner is no longer in the source list
    results = drain(Poller(two, state, quick, once=True, workers=1))
    assert [item for result in results if result.source_id == "s0" for item in result.items] == []


def link() -> str:
    from producers.entries import link_digest

    return link_digest("https://w.example/1")


def test_real_polls_over_http_with_articles() -> None:
    story = (
        b"<html><body><article>"
        + b"<p>The long report says that the depot burned until the evening.</p>" * 6
        + b"</article></body></html>"
    )
    routes: dict[str, Handler] = {
        "/story": fixed(story, Content_Type="text/html"),
        "/robots.txt": fixed(b"User-agent: *\nDisallow: /private"),
        "/private": fixed(story, Content_Type="text/html"),
        "/broken": fixed(b"no feed"),
    }
    with LocalServer(routes) as server, HttpFetcher(FetchSettings(allow_private=True, spacing_per_host=0)) as fetcher:
        posts = [Post(guid="1", link=server.url("/story")), Post(guid="2", link=server.url("/private"))]
        routes["/feed"] = with_validators(lambda: rss(posts))
        listed = [Source(id="full", url=server.url("/feed"), article=True), Source(id="bad", url=server.url("/broken"))]
        results = {r.source_id: r for r in drain(Poller(listed, {}, polling(fetcher, DirectParser()), once=True))}
        again = drain(Poller(listed[:1], {"full": results["full"].state}, polling(fetcher, DirectParser()), once=True))
    full, refused = sorted(results["full"].items, key=lambda item: item.external_id)
    assert "the depot burned" in full.body and "several shells" in refused.body
    assert "/private" not in [seen.path for seen in server.seen]
    assert results["bad"].outcome == "parse_unreadable" and isinstance(results["bad"].state.health, Health)
    assert again[0].outcome == "not_modified"


def test_a_poll_that_breaks_costs_only_itself() -> None:
    def poll(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        if source.id == "s1":
            raise RuntimeError("a bug")
        return answer(source, state)

    results = {r.source_id: r for r in drain(Poller(sources(3), {}, poll, once=True, workers=1))}
    assert (results["s1"].outcome, results["s1"].state.health.failures) == ("internal", 1)
    assert results["s1"].state.next_poll and len(results) == 3


def test_a_new_address_in_the_list_revives_a_source_that_was_gone() -> None:
    (source,) = sources(1)
    gone = SourceState(
        source_id="s0", url="https://old.example/rss", stopped="gone", etag="x", seen={"1": Seen("d", 0, 0, 0)}
    )
    assert fitted(gone, source.url).seen == gone.seen
    assert (fitted(gone, source.url).stopped, fitted(gone, source.url).etag) == (None, None)
    poller = Poller([source], {"s0": gone}, quick).start()
    assert poller.take(1.0) is not None
    poller.stop()
    assert fitted(gone, "https://old.example/rss") == gone


def test_one_word_on_a_source() -> None:
    fresh, now = SourceState(source_id="s"), utc_now()
    well = health.succeeded(fresh.health, now, "new", items=1)
    assert health.verdict(fresh, now) == "new"
    assert health.verdict(msgspec.structs.replace(fresh, health=well), now) == "ok"
    assert health.verdict(msgspec.structs.replace(fresh, health=well), now + timedelta(days=9)) == "stale"
    unwell = well
    for _ in range(3):
        unwell = health.failed(unwell, now, "fetch_dns", "no such name")
    assert health.verdict(msgspec.structs.replace(fresh, health=unwell), now) == "failing"
    assert health.verdict(msgspec.structs.replace(fresh, stopped="gone"), now) == "stopped"
