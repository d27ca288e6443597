"""Every metric and every log event of the runtimes, named once. Kafka's own are in `kafka_metrics.py`.

Names follow Prometheus's conventions. Labels are bounded: stages, kinds of source, verdicts, error codes, alert kinds.
A source's id stands on the gauges of its health, for at most `MOST_SOURCES` sources.
"""

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from time import perf_counter
from typing import Any, get_args

import structlog
from prometheus_client import Counter, Gauge, Histogram, start_http_server

from processors.errors import UnavailableError
from processors.model import Alert
from producers import health
from producers.health import Verdict
from producers.sources import Source
from producers.state import SourceState
from streams.settings import LogGroup

LOOPBACK = "127.0.0.1"
MOST_SOURCES = 500  # sources with gauges of their own
SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
AGES = (10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400)  # minutes and hours

ITEMS = Counter("tocsin_items", "Items taken in, by what became of them", ["source_kind", "outcome"])
STAGE_IN = Counter("tocsin_stage_in", "What a stage was given", ["stage"])
STAGE_OUT = Counter("tocsin_stage_out", "What a stage gave on", ["stage"])
STAGE_REJECTED = Counter("tocsin_stage_rejected", "What a stage could not process", ["stage", "reason"])
STAGE_SECONDS = Histogram("tocsin_stage_duration_seconds", "Time a stage took for a chunk", ["stage"], buckets=SECONDS)
STAGE_LAST = Gauge("tocsin_stage_last_processed_timestamp_seconds", "When a stage last finished a chunk", ["stage"])
ALERTS = Counter("tocsin_alerts", "Alerts that went out", ["kind", "severity"])
ALERT_AGE = Histogram("tocsin_alert_item_age_seconds", "From an item's publication to its alert", buckets=AGES)
OPEN = Gauge("tocsin_incidents_open", "Incidents of status open")
PENDING = Gauge("tocsin_sink_pending_alerts", "Alerts that a sink was not yet given", ["sink"])
SENT = Counter("tocsin_sink_sent", "Alerts that a sink took", ["sink"])
FAILED = Counter("tocsin_sink_failures", "Times a sink did not take what it was given", ["sink"])
POLLS = Counter("tocsin_polls", "Polls of sources, by outcome", ["source_kind", "outcome"])
SOURCES = Gauge("tocsin_sources", "Sources by health: new, ok, failing, stale, stopped", ["health"])
SOURCE_UP = Gauge("tocsin_source_up", "1 if a source's last poll went well", ["source_id"])
SOURCE_SUCCESS = Gauge(
    "tocsin_source_last_success_timestamp_seconds", "When a source was last polled with success", ["source_id"]
)

SOURCE_ITEM = Gauge(
    "tocsin_source_last_item_timestamp_seconds", "When a source last brought something new", ["source_id"]
)

HTTP_REQUESTS = Counter(
    "tocsin_http_requests", "Requests to the web server, by address and status", ["route", "status"]
)
HTTP_SECONDS = Histogram(
    "tocsin_http_request_duration_seconds", "From a request to the begin of its answer", ["route"], buckets=SECONDS
)
SSE_CLIENTS = Gauge("tocsin_sse_clients", "Clients that follow the alerts over the web server")
SSE_EVENTS = Counter("tocsin_sse_events", "Alerts given to such clients")

_verdicts: dict[str, Verdict] = {}  # by source, as last seen

STAGES = ("extract", "resolve", "deliver")

# log events: one line each, fields beside
STARTED = "service_started"
STOPPED = "service_stopped"
POLLED = "source_polled"
POLL_FAILED = "source_failed"
SOURCE_STALE = "source_stale"
REJECTED = "item_rejected"
HELD = "waiting_for_database"
SINK_FAILED = "sink_failed"
ALERTED = "alert_sent"
FORGOTTEN = "entries_forgotten"
EXPIRED = "store_expired"


def prepare() -> None:
    """Makes the label sets that matter visible at zero, so that "nothing happened" differs from "not measured"."""
    for stage in STAGES:
        STAGE_IN.labels(stage)
        STAGE_OUT.labels(stage)
    for kind in ("new", "update", "correction", "merge", "retraction"):
        for severity in ("minor", "moderate", "severe", "extreme"):
            ALERTS.labels(kind, severity)
    for verdict in get_args(Verdict):
        SOURCES.labels(verdict)


def serve(port: int) -> None:
    """`/metrics` on the loopback address; port 0 serves none. Raises UnavailableError where the port is taken."""
    prepare()
    if port == 0:
        return
    try:
        start_http_server(port, LOOPBACK)
    except OSError as error:
        raise UnavailableError(f"metrics port {port}: {error.strerror or error}; set TOCSIN_METRICS_PORT") from None


@contextmanager
def stage(name: str, taken: int) -> Iterator[None]:
    """Measures one chunk in a stage."""
    started = perf_counter()
    yield
    passed(name, taken, perf_counter() - started)


def passed(name: str, taken: int, seconds: float) -> None:
    """One chunk has gone through a stage."""
    STAGE_IN.labels(name).inc(taken)
    STAGE_SECONDS.labels(name).observe(seconds)
    STAGE_LAST.labels(name).set_to_current_time()


def alerted(alert: Alert, published_at: datetime, now: datetime) -> None:
    """Counts an alert and how old the item that gave rise to it was."""
    ALERTS.labels(alert.kind, alert.severity).inc()
    ALERT_AGE.observe(max(0.0, (now - published_at).total_seconds()))


def sources_known(sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime) -> None:
    """How the sources are doing before the first poll: one that stopped is never polled again, and must be seen."""
    for source in sources:
        if source.enabled:
            source_seen(states.get(source.id) or SourceState(source_id=source.id), now)


def source_seen(state: SourceState, now: datetime) -> bool:
    """How a source is doing now; beyond the limit of sources there are only the counts. True if it turned stale."""
    verdict, before = health.verdict(state, now), _verdicts.get(state.source_id)
    known = before is not None or len(_verdicts) < MOST_SOURCES
    _verdicts[state.source_id] = verdict
    for each in get_args(Verdict):
        SOURCES.labels(each).set(sum(one == each for one in _verdicts.values()))
    if known and verdict != "new":
        _gauge(state)
    return verdict == "stale" != before


def _gauge(state: SourceState) -> None:
    SOURCE_UP.labels(state.source_id).set(not state.stopped and state.health.error is None)
    if state.health.last_success:
        SOURCE_SUCCESS.labels(state.source_id).set(state.health.last_success.timestamp())
    if state.health.last_item:
        SOURCE_ITEM.labels(state.source_id).set(state.health.last_item.timestamp())


def logger(settings: LogGroup) -> Any:
    """The log: on standard error, as JSON lines unless that is a terminal. Texts of items are never logged."""
    level = getattr(logging, settings.level.upper())
    as_json = settings.format == "json" or (settings.format == "auto" and not sys.stderr.isatty())
    last = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr)
    return structlog.get_logger()
