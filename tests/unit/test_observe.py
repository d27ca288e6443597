"""Metrics: names by Prometheus's conventions, bounded labels, served on the loopback address only."""

import re
import socket
import urllib.request
from datetime import UTC, datetime

import pytest
from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.parser import text_string_to_metric_families

from processors.errors import UnavailableError
from streams import observe

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
    assert {s.labels["health"] for s in families["tocsin_sources"].samples} == {"up", "failing", "stopped"}
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


def test_sources_beyond_the_limit_have_no_gauges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(observe, "MOST_SOURCES", 2)
    monkeypatch.setattr(observe, "_healths", {})
    for name in ("one", "two", "three"):
        observe.source_seen(name, "up", datetime(2026, 3, 1, tzinfo=UTC))
    assert REGISTRY.get_sample_value("tocsin_source_up", {"source_id": "two"}) == 1
    assert REGISTRY.get_sample_value("tocsin_source_up", {"source_id": "three"}) is None
