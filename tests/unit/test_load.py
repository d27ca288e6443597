"""The short ways in which the load benchmark fills a state make what resolving makes."""

from pathlib import Path

import pytest

from benchmarks.resolve import filling
from benchmarks.resolve.filling import fill_file, fill_memory, fill_store
from benchmarks.resolve.world import World
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy, flush_due, resolve
from streams.store import Remembering, Store, history
from streams.store.remembering import Remembered

FAR_APART = World(days=4000, towns=4000)
NUMBERS = 60


def resolved_together() -> MemoryState:
    """All tellings on one state in the order of time, alerts held back let out as they fall due."""
    state = MemoryState(horizon=filling.LATER * 9000)
    told = sorted((each for n in range(NUMBERS) for each in FAR_APART.incident(n)), key=lambda each: each.published_at)
    for each in told:
        state.apply(flush_due(state, each.published_at, Policy()))
        state.apply(resolve(each, state, each.published_at, Policy()))
    state.apply(flush_due(state, told[-1].published_at + filling.LATER, Policy()))
    return state


def test_incidents_that_do_not_touch_may_be_resolved_alone() -> None:
    together, apart = resolved_together(), fill_memory(FAR_APART, NUMBERS)
    assert apart.incidents() == together.incidents()
    for incident in together.incidents():
        name = incident.incident_id
        assert apart.versions(name) == together.versions(name)
        assert apart.incident(name) == together.incident(name)
        entries = together.entries_of_incident(name)
        assert apart.entries_of_incident(name) == entries
        assert [apart.item(e.item_key) for e in entries] == [together.item(e.item_key) for e in entries]
        assert [apart.entries_under(e.keys, 9) for e in entries] == [together.entries_under(e.keys, 9) for e in entries]


def test_a_filled_database_holds_the_same(tmp_path: Path) -> None:
    store = fill_store(FAR_APART, NUMBERS, f"sqlite:///{tmp_path}/state.db")
    together = resolved_together()
    assert list(history.incidents(store.engine)) == together.incidents()
    with store.looking() as work:
        for incident in together.incidents():
            entries = together.entries_of_incident(incident.incident_id)
            assert work.entries_of_incident(incident.incident_id) == entries
            assert [work.entries_under(e.keys, 9) for e in entries] == [
                entries_under(together, e.keys) for e in entries
            ]
    store.close()


def entries_under(state: MemoryState, keys: tuple[str, ...]) -> list[object]:
    return list(state.entries_under(keys, 9))


def test_copies_are_as_many_rows_and_are_not_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "BASE", 40)
    world = World(days=0.5, towns=5)
    made, few = fill_file(world, 120, tmp_path / "many"), fill_file(world, 40, tmp_path / "few")
    assert (made.count_open(), few.count_open()) == (120, 40)
    counts = [rows(store) for store in (made, few)]
    assert counts[0] == {table: 3 * n for table, n in counts[1].items()}
    memories = [Remembering(store) for store in (made, few)]
    ends = [told(memory, world) for memory in memories]
    assert ends[0] == ends[1]
    assert filling.met_copies(memories[0]) == 0 < len(memories[0].filing.entries)


def rows(store: Store) -> dict[str, int]:
    names = ("items", "entries", "entry_keys", "incidents", "incident_versions", "outbox")
    with store.engine.connect() as connection:
        return {n: connection.exec_driver_sql(f"SELECT count(*) FROM {n}").scalar() or 0 for n in names}


def told(memory: Remembering, world: World) -> list[object]:
    """What thirty new items change."""
    changed: list[object] = []
    with memory.writing() as state:
        assert isinstance(state, Remembered)
        for each in [item for n in range(1000, 1030) for item in world.incident(n)]:
            changed.append(resolve(each, state, each.published_at, Policy()))
            state.apply(changed[-1])  # type: ignore[arg-type]
    return changed
