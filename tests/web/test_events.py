"""Alerts as server-sent events over real HTTP: what is new, what was missed, silence, too many, an end."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from prometheus_client import REGISTRY

from streams.store import history
from streams.web import events
from tests.web.site import Site

STREAM = "/api/v1/alerts/stream"


class Stream:
    """One client. `next` is the next event as its fields; comments are counted."""

    def __init__(self, site: Site, path: str = STREAM, last: str | None = None) -> None:
        self._connection = http.client.HTTPConnection(site.address.hostname or "", site.address.port or 0, timeout=20)
        self._connection.request("GET", path, headers={"Last-Event-ID": last} if last else {})
        self.answer = self._connection.getresponse()
        self.comments = 0

    def next(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        while line := self.answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(":")
            if line == "\n" and "data" in fields:
                return fields
            self.comments += line.startswith(":")
            if name:
                fields[name] = value.removeprefix(" ")
        return fields

    def close(self) -> None:
        self.answer.close()
        self._connection.close()


@contextmanager
def following(site: Site, path: str = STREAM, last: str | None = None) -> Iterator[Stream]:
    stream = Stream(site, path, last)
    try:
        yield stream
    finally:
        stream.close()


def alert_ids(site: Site) -> list[str]:
    return [alert.alert_id for alert in history.alerts(site.store.engine)]


def test_all_that_are_kept_in_their_order(site: Site) -> None:
    with following(site, f"{STREAM}?after=start") as stream:
        assert stream.answer.getheader("content-type") == "text/event-stream; charset=utf-8"
        found = [stream.next() for _ in alert_ids(site)]
    assert [each["id"] for each in found] == alert_ids(site)
    assert {each["event"] for each in found} == {"alert"}
    sent = {alert.alert_id: alert for alert in history.alerts(site.store.engine)}
    for each in found:
        data = json.loads(each["data"])
        assert data["alert_id"] == each["id"] and data["incident"]["version"] == sent[each["id"]].version


def test_a_client_that_comes_back_gets_what_it_missed(site: Site) -> None:
    every = alert_ids(site)
    for place in (0, len(every) // 2, len(every) - 2):
        with following(site, last=every[place]) as stream:
            rest = every[place + 1 :]
            assert [stream.next()["id"] for _ in rest] == rest


def test_the_header_goes_before_the_address(site: Site) -> None:
    every = alert_ids(site)
    with following(site, f"{STREAM}?after={every[0]}", last=every[2]) as stream:
        assert stream.next()["id"] == every[3]


def test_without_a_place_only_what_is_new(empty: Site) -> None:
    empty.take(40)
    before = len(alert_ids(empty))
    with following(empty) as stream:
        empty.take()
        fresh = alert_ids(empty)[before:]
        assert fresh and [stream.next()["id"] for _ in fresh] == fresh


def test_an_interrupted_client_sees_each_alert_once(empty: Site) -> None:
    seen: list[str] = []
    while empty.taken < len(empty.told):
        empty.take(15)
        with following(empty, f"{STREAM}?after=start", last=seen[-1] if seen else None) as stream:
            for _ in range(min(3, len(alert_ids(empty)) - len(seen))):
                seen.append(stream.next()["id"])
    with following(empty, last=seen[-1]) as stream:
        seen += [stream.next()["id"] for _ in range(len(alert_ids(empty)) - len(seen))]
    assert seen == alert_ids(empty)


@pytest.mark.parametrize("unknown", ["00000000-0000-0000-0000-000000000000", "x" * 2000, "'; DROP TABLE outbox"])
def test_a_place_that_is_not_known_is_said_not_guessed(empty: Site, unknown: str) -> None:
    empty.take(40)
    with following(empty, last=unknown) as stream:
        assert stream.next()["event"] == "reset"
        before = len(alert_ids(empty))
        empty.take()
        assert stream.next()["id"] == alert_ids(empty)[before]


def test_silence_is_heard(empty: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "HEARTBEAT", 0.2)
    with following(empty) as stream:
        threading.Timer(2.5, empty.take).start()
        stream.next()
        assert stream.comments >= 2


def test_there_is_a_limit_of_clients_and_places_are_given_back(empty: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_CLIENTS", 2)
    monkeypatch.setattr("streams.web.api.MOST_CLIENTS", 2)
    with following(empty) as one, following(empty) as two:
        assert one.answer.status == two.answer.status == 200
        status, headers, body = empty.ask(STREAM)
        assert status == 503 and headers["retry-after"] and "2 clients" in json.loads(body)["detail"]
        assert clients() >= 2
    assert wait_for(lambda: following_again(empty))


def following_again(site: Site) -> bool:
    with following(site) as stream:
        return stream.answer.status == 200


def test_a_client_that_reads_nothing_costs_nothing_and_is_let_go(empty: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "PATIENCE", 1.0)
    monkeypatch.setattr(events, "event", lambda _: b"data: " + b"x" * 8_000_000 + b"\n\n")
    empty.take()
    before = clients()
    slow = Stream(empty, f"{STREAM}?after=start")
    assert wait_for(lambda: clients() == before), "it is let go"
    with following(empty, f"{STREAM}?after=start") as other:
        assert len(other.next()["data"]) == 8_000_000, "others go on"
    slow.close()


def test_the_end_of_the_server_ends_streams(tmp_path: Any) -> None:
    site = Site(f"sqlite:///{tmp_path}/s.db")
    stream = Stream(site)
    begun = time.monotonic()
    site.close()
    assert stream.next().get("data") is None
    assert time.monotonic() - begun < 5
    stream.close()


def clients() -> float:
    return REGISTRY.get_sample_value("tocsin_sse_clients") or 0


def wait_for(check: Any, seconds: float = 15) -> Any:
    limit = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < limit:
        time.sleep(0.2)
    return answer
