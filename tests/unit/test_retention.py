"""What leaves the store: only what is old, was given to every sink and waits for nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import msgspec
import pytest
from structlog.testing import CapturingLogger

from processors.resolve.resolve import Policy
from processors.resolve.state import Changes, IncidentState
from streams import observe
from streams.codec import encode
from streams.deadletter import DeadLetter
from streams.embedded import Embedded
from streams.feeding import Unit
from streams.kafka_envelope import Original, mentions_headers
from streams.kafka_progress import Progress
from streams.kafka_settings import KafkaSettings
from streams.kafka_stages import ALERTS_RELAYED, Resolver
from streams.settings import load
from streams.store import Store, deadletters, history
from streams.store.retention import Expired, Retention, expire
from tests.unit.test_store import T0, alert, apply, incident, item_state

DAY = timedelta(days=1)
KEEP = Retention(alerts=90 * DAY, incidents=900 * DAY, dead_letters=30 * DAY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path}/state.db")
    yield opened
    opened.close()


def put_alerts(store: Store, *days: int) -> None:
    alerts = [msgspec.structs.replace(alert("i", day + 1), sent_at=T0 + day * DAY) for day in days]
    apply(store, Changes(verdict="applied", alerts=tuple(alerts)))


def kept(store: Store) -> list[int]:
    return [each.version - 1 for each in history.alerts(store.engine)]


def test_alerts_go_when_old_and_given_to_every_sink(store: Store) -> None:
    put_alerts(store, 0, 1, 2, 99)
    clock = T0 + 100 * DAY
    store.delivered("fast", 4)
    store.delivered("slow", 2)
    assert expire(store, KEEP, clock, clock, ["fast", "slow"]).alerts == 2
    assert kept(store) == [2, 99]
    assert expire(store, KEEP, clock, clock, ["fast", "new"]).alerts == 0
    assert expire(store, KEEP, clock, clock, []).alerts == 1
    assert kept(store) == [99]


def test_what_comes_after_all_is_old_still_reaches_the_sinks(store: Store) -> None:
    put_alerts(store, 0, 1)
    store.delivered("sink", 2)
    clock = T0 + 1000 * DAY
    expire(store, KEEP, clock, clock, ["sink"])
    put_alerts(store, 1000)
    assert [each.version for _, each in store.pending("sink", 10)] == [1001]


def test_incidents_go_with_their_versions_unless_something_waits(store: Store) -> None:
    for version in (1, 2):
        apply(store, Changes(verdict="applied", incidents=(IncidentState(incident=incident("old", version)),)))
    waiting = IncidentState(incident=incident("waiting"), due_at=T0)
    fresh = IncidentState(incident=incident("fresh", 24 * 800))
    last = IncidentState(incident=incident("last"))
    apply(store, Changes(verdict="applied", incidents=(waiting, fresh, last)))
    clock = T0 + 1000 * DAY
    assert expire(store, KEEP, clock, clock, []) == Expired(0, 1, 0)
    assert [each.incident_id for each in history.incidents(store.engine)] == ["fresh", "last", "waiting"]
    assert history.versions(store.engine, "old") == []
    assert len(history.versions(store.engine, "last")) == 1


def test_dead_letters_go_by_the_walls_clock(store: Store) -> None:
    letters = [
        DeadLetter(stage="extract", code="c", reason="r", origin=f"o{day}", value=b"", put_at=T0 + day * DAY)
        for day in (0, 50)
    ]
    deadletters.put(store.engine, letters)
    assert expire(store, KEEP, T0, T0 + 60 * DAY, []).dead_letters == 1
    assert [each.origin for each in deadletters.find(store.engine)] == ["o50"]


def test_nothing_of_the_working_set_goes() -> None:
    short = Retention(alerts=DAY, incidents=DAY, dead_letters=DAY).at_least(30 * DAY)
    assert (short.alerts, short.incidents, short.dead_letters) == (30 * DAY, 30 * DAY, DAY)


def test_a_span_longer_than_the_calendar_keeps_everything(store: Store) -> None:
    put_alerts(store, 0, 1)
    ever = Retention(alerts=999_999 * DAY, incidents=999_999 * DAY, dead_letters=999_999 * DAY)
    assert expire(store, ever, T0 + 1000 * DAY, T0, []) == Expired(0, 0, 0)


def test_the_service_does_it_as_the_items_clock_goes_on(store: Store) -> None:
    put_alerts(store, 0, 1)
    log = CapturingLogger()
    service = Embedded(store, Policy(), (), log, 30 * DAY, Event(), lambda: T0, KEEP)
    later = msgspec.structs.replace(item_state(1).record, published_at=T0 + 200 * DAY)
    service.take(Unit(), [later])
    assert kept(store) == [1]
    [said] = [call.kwargs for call in log.calls if call.args == (observe.EXPIRED,)]
    assert said == {"alerts": 1, "incidents": 0, "dead_letters": 0}


def test_the_defaults_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_CONFIG", raising=False)
    kept = load().retention
    assert DAY < kept.dead_letters <= kept.alerts < kept.incidents < 4000 * DAY


def test_the_resolver_on_kafka_does_it_too_once_the_relay_has_passed(store: Store) -> None:
    put_alerts(store, 0, 1, 2)
    store.delivered(ALERTS_RELAYED, 1)
    resolver = Resolver(KafkaSettings(), store, Policy(), Progress("resolve"), retention=KEEP)
    later = msgspec.structs.replace(item_state(1).record, published_at=T0 + 200 * DAY)
    headers = tuple((name, bytes(value)) for name, value in mentions_headers(later, "tocsin"))
    record = Original(topic="m", partition=0, offset=0, timestamp=0, key=b"k", value=encode(later), headers=headers)
    assert resolver.process([record]) == []
    assert kept(store) == [1, 2]
