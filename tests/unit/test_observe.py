"""Metrics: names by Prometheus's conventions, bounded labels, served on the loopback address only."""

import re
import socket
import urllib.request
from datetime import UTC, datetime
from typing import get_args

import pytest
from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.parser import text_string_to_metric_families

from processors.errors import UnavailableError
from producers.health import STALE_AFTER, Verdict
from producers.sources import Source
from producers.state import Health, SourceState
from streams import observe

NOW = datetime(2026, 3, 1, tzinfo=UTC)
METRICS = [value for value in vars(observe).values() if isinstance(value, Counter | Gauge | Histogram)]


def test_names_and_help_follow_the_conventions() -> None:
    for metric in METRICS:
        name, text = metric._name, metric._documentation
        assert re.fullmatch(r"tocsin_[a-z_]+", name)
        assert text and not text.endswith(".")
        if isinstance(metric, Histogram):
            assert name.endswith("_seconds")
        assert not name.endswith(("_total", "_count", "_ms"))
        assert not {"url", "title", "incident_id", "item"} & set(metric._labelnames)


def test_served_on_loopback_and_zeros_are_seen() -> None:
    with socket.socket() as free:
        free.bind((observe.LOOPBACK, 0))
        port = free.getsockname()[1]
    observe.serve(port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        families = {family.name: family for family in text_string_to_metric_families(answer.read().decode())}
    assert families["tocsin_alerts"].samples
    assert {s.labels["health"] for s in families["tocsin_sources"].samples} == set(get_args(Verdict))
    with pytest.raises(UnavailableError, match="TOCSIN_METRICS_PORT"):
        observe.serve(port)


def test_a_stage_is_counted_and_timed() -> None:
    def value(name: str) -> float:
        return REGISTRY.get_sample_value(name, {"stage": "resolve"}) or 0.0

    taken, timed = value("tocsin_stage_in_total"), value("tocsin_stage_duration_seconds_count")
    with observe.stage("resolve", 3):
        pass
    assert value("tocsin_stage_in_total") == taken + 3
    assert value("tocsin_stage_duration_seconds_count") == timed + 1


def state(name: str, **known: object) -> SourceState:
    return SourceState(source_id=name, health=Health(polls=1, last_success=NOW, **known))  # type: ignore[arg-type]


def gauge(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


def test_sources_beyond_the_limit_have_no_gauges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observe, "MOST_SOURCES", 2)
    monkeypatch.setattr(observe, "_verdicts", {})
    for name in ("one", "two", "three"):
        observe.source_seen(state(name), NOW)
    assert gauge("tocsin_source_up", source_id="two") == 1
    assert gauge("tocsin_source_up", source_id="three") is None
    assert gauge("tocsin_sources", health="ok") == 3


def test_a_source_turns_stale_once_and_again_after_it_was_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observe, "_verdicts", {})
    long_ago, lately = NOW - 2 * STALE_AFTER, NOW - STALE_AFTER / 2
    turned = [
        observe.source_seen(state("dry", last_item=at), NOW) for at in (lately, long_ago, long_ago, lately, long_ago)
    ]
    assert turned == [False, True, False, False, True]
    assert gauge("tocsin_sources", health="stale") == 1
    assert gauge("tocsin_sources", health="ok") == 0
    assert gauge("tocsin_source_up", source_id="dry") == 1
    assert gauge("tocsin_source_last_item_timestamp_seconds", source_id="dry") == long_ago.timestamp()


def test_a_source_that_fails_is_not_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observe, "_verdicts", {})
    assert not observe.source_seen(state("bad", error="fetch_dns", failures=3), NOW)
    assert gauge("tocsin_source_up", source_id="bad") == 0
    assert gauge("tocsin_sources", health="failing") == 1
    assert gauge("tocsin_source_last_success_timestamp_seconds", source_id="bad") == NOW.timestamp()


def test_sources_are_known_before_the_first_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observe, "_verdicts", {})
    sources = [Source(id=name, url="https://a.example/") for name in ("fresh", "halted")]
    sources.append(Source(id="off", url="https://a.example/", enabled=False))
    observe.sources_known(sources, {"halted": SourceState(source_id="halted", stopped="gone")}, NOW)
    assert gauge("tocsin_sources", health="stopped") == gauge("tocsin_sources", health="new") == 1
    assert gauge("tocsin_source_up", source_id="halted") == 0
    assert gauge("tocsin_source_up", source_id="fresh") is None
