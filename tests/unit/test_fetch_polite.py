"""Politeness: few requests to one host at a time, apart from each other, and robots.txt."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from producers.fetch import FetchFailedError, Request
from producers.hosts import HostLimits
from producers.http import FetchSettings, HttpFetcher
from producers.robots import Robots
from tests.servers.feeds import fixed
from tests.servers.local import Exchange, LocalServer


def test_requests_to_one_host_start_apart_and_to_others_at_once() -> None:
    hosts, starts = HostLimits(at_once=2, spacing=0.15), []

    def visit(host: str) -> None:
        with hosts.turn(host, time.monotonic() + 5):
            starts.append((host, time.monotonic()))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, ["a", "a", "a", "b", "c"]))
    times = sorted(at for host, at in starts if host == "a")
    assert all(later - earlier > 0.14 for earlier, later in zip(times, times[1:], strict=False))
    assert max(at for host, at in starts if host != "a") - times[0] < 0.14


def test_a_host_of_its_own_pace() -> None:
    hosts = HostLimits(spacing=0.0, special={"slow.example": 5.0})
    with hosts.turn("slow.example", time.monotonic() + 1):
        pass
    with pytest.raises(FetchFailedError) as caught, hosts.turn("slow.example", time.monotonic() + 0.1):
        pass
    assert caught.value.code == "fetch_timeout"


def test_few_at_once() -> None:
    running, most = [0], [0]

    def handle(exchange: Exchange) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.1)
        running[0] -= 1
        exchange.respond(200)

    settings = FetchSettings(allow_private=True, at_once_per_host=2, spacing_per_host=0)
    with LocalServer(handle) as server, HttpFetcher(settings) as fetcher, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fetcher.fetch(Request(url=server.url())), range(8)))
    assert most[0] == 2


RULES = b"User-agent: tocsin\nDisallow: /members/\n\nUser-agent: *\nDisallow: /"


@pytest.mark.parametrize(
    ("status", "rules", "path", "allowed"),
    [
        (200, RULES, "/story", True),
        (200, RULES, "/members/story", False),
        (200, b"\xff\x00 nonsense", "/story", True),
        (404, b"", "/story", True),
        (403, b"", "/story", True),
        (503, b"", "/story", False),
    ],
)
def test_robots(status: int, rules: bytes, path: str, allowed: bool) -> None:
    quick = FetchSettings(allow_private=True, spacing_per_host=0)
    with LocalServer(fixed(rules, status)) as server, HttpFetcher(quick) as fetcher:
        robots = Robots(fetcher)
        assert [robots.allows(server.url(path)) for _ in range(3)] == [allowed] * 3
    assert len(server.seen) == 1
