"""Replay: the same input gives the same output, whatever the batches, repeats and order within one instant."""

from collections.abc import Sequence
from random import Random

import pytest

from processors.errors import RevisionConflict
from processors.model import Item, ItemMentions
from processors.resolve.resolve import Policy
from streams import topology
from streams.codec import encode
from streams.replay import END, Replay
from streams.store import Store, history
from tests.plainreader import PlainReader, stream

READER = PlainReader()


def played(items: Sequence[Item], batch: int = 50) -> tuple[bytes, bytes]:
    """Alerts and incidents as `replay` writes them."""
    run = Replay(Policy(), _no_conflict)
    batches = (items[i : i + batch] for i in range(0, len(items), batch))
    alerts = b"".join(map(encode, run.run(told for part in batches for told in READER.read(part))))
    return alerts, b"".join(map(encode, run.remaining()))


def _no_conflict(told: ItemMentions, error: RevisionConflict) -> None:
    raise AssertionError(f"{told.item}: {error}")


@pytest.mark.parametrize("seed", range(3))
def test_twice_and_in_any_batches_the_same_bytes(seed: int) -> None:
    items = stream(100, seed)
    once = played(items)
    assert once[0], "the stream gives alerts"
    assert once == played(items) == played(items, 1) == played(items, 500)


@pytest.mark.parametrize("seed", range(3))
def test_repeats_change_nothing(seed: int) -> None:
    items, chance = stream(100, seed), Random(seed)
    again = list(items)
    for _ in range(60):
        place = chance.randrange(len(items))
        again.insert(again.index(items[place]) + 1 + chance.randrange(3), items[place])
    assert played(_by_time(again)) == played(items)


@pytest.mark.parametrize("seed", range(3))
def test_order_within_one_instant_means_nothing(seed: int) -> None:
    items = stream(100, seed)
    shuffled = list(items)
    Random(seed).shuffle(shuffled)
    assert len({item.published_at for item in items}) < len(items)
    assert played(_by_time(shuffled)) == played(items)


@pytest.mark.parametrize("seed", range(3))
def test_the_database_ends_as_the_memory_does(seed: int, tmp_path: object) -> None:
    items = stream(100, seed)
    alerts, incidents = played(items)
    store = Store(f"sqlite:///{tmp_path}/state.db")
    clock = topology.EPOCH
    told = sorted(READER.read(items), key=lambda t: (t.published_at, t.source_id, t.external_id, t.revision))
    for start in range(0, len(told), 7):
        with store.writing() as work:
            for each in told[start : start + 7]:
                clock, _ = topology.take_in(each, work, Policy(), clock)
    with store.writing() as work:
        topology.flush(work, Policy(), END)
    assert b"".join(encode(alert) for _, alert in store.pending("test", 10_000)) == alerts
    assert b"".join(map(encode, history.incidents(store.engine))) == incidents
    store.close()


def _by_time(items: list[Item]) -> list[Item]:
    return sorted(items, key=lambda item: item.published_at)
