"""A writer that remembers decides as one that asks every time, also when another writes in between."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest

from processors.model import Incident, ItemMentions
from processors.resolve.resolve import Policy
from streams import topology
from streams.kafka_settings import KafkaSettings
from streams.kafka_stages import CLOCK
from streams.relay import Outbox
from streams.store import Remembering, Store
from tests.kafka import harness
from tests.kafka.worker import PlainReader


def take_in(writer: Remembering | Store, told: Sequence[ItemMentions]) -> None:
    with writer.writing() as work:
        said = work.position(CLOCK)
        clock = datetime.fromisoformat(said) if said else topology.EPOCH
        for each in told:
            clock, _ = topology.take_in(each, work, Policy(), clock)
        work.move(CLOCK, clock.isoformat())


def versions(store: Store) -> list[tuple[bytes | None, bytes | None]]:
    """Every version of every incident and every alert, as they would be published."""
    settings = KafkaSettings()
    return [(each.key, each.value) for topic in Outbox(store, settings).pending() for each in topic.records]


@pytest.mark.parametrize("writers", [1, 3])
def test_it_decides_as_without_memory(tmp_path: Path, writers: int) -> None:
    told = PlainReader().read(harness.stream(150))
    plain, remembered = (Store(f"sqlite:///{tmp_path / name}.db") for name in ("plain", "remembered"))
    turns = [Remembering(remembered) for _ in range(writers)]
    for number, start in enumerate(range(0, len(told), 7)):
        take_in(plain, told[start : start + 7])
        take_in(turns[number % writers], told[start : start + 7])
    assert versions(remembered) == versions(plain) != []


def test_what_was_rolled_back_is_not_remembered(tmp_path: Path) -> None:
    told = PlainReader().read(harness.stream(60))
    plain, remembered = (Store(f"sqlite:///{tmp_path / name}.db") for name in ("plain", "remembered"))
    writer = Remembering(remembered)
    for start in range(0, len(told), 6):
        take_in(plain, told[start : start + 6])
        with pytest.raises(KeyError), writer.writing() as work:
            for each in told[start : start + 6]:
                topology.take_in(each, work, Policy(), topology.EPOCH)
            raise KeyError
        take_in(writer, told[start : start + 6])
    assert versions(remembered) == versions(plain) != []


def test_nothing_else_differs_from_embedded(tmp_path: Path) -> None:
    items = harness.stream(120)
    store = Store(f"sqlite:///{tmp_path / 'state'}.db")
    take_in(Remembering(store), PlainReader().read(items))
    found: dict[str, Incident] = {}
    with store.looking() as work:
        for incident_id in harness.embedded(items):
            state = work.incident(incident_id)
            assert state
            found[incident_id] = state.incident
    assert harness.standing(found) == harness.standing(harness.embedded(items))
