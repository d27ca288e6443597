"""What a writer remembers answers as the database would, whatever was changed, rolled back or written by others."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from processors.resolve.blocking import NEWEST
from processors.resolve.state import Changes, Entry, IncidentState, StateView
from streams.store import Remembering, Store
from streams.store.remembering import Remembered
from tests.unit.test_store import T0, entry, incident, item_state

KEYS = tuple("abcdef")
HOMES = ("i1", "i2", "i3", None)
COMPONENTS = ("0/x", "0/y", "1/x")
ITEMS = 2 * NEWEST


def answers(view: StateView) -> list[object]:
    """All that can be asked of a state with these items, keys and incidents."""
    homes = [home for home in HOMES if home]
    items = [f"wire/{n}" for n in range(ITEMS)]
    return [
        [view.entries_under(keys, 30) for keys in (KEYS[:1], KEYS[1:3], KEYS)],
        [view.entries_of_incident(home) for home in homes],
        [view.entries_of_component(label) for label in COMPONENTS],
        [view.incident(home) for home in homes],
        [view.entries_of_item(item) for item in items],
        [view.item(item) for item in items],
        view.items(items),
        [view.due(T0 + timedelta(hours=hours), 2) for hours in (0, 3, 50)],
    ]


def some(chance: Random, there: dict[str, Entry]) -> Changes:
    """Changes as resolving makes them: entries come, move, are filed anew and go; incidents change and wait."""
    put = {}
    for _ in range(chance.randrange(4)):
        number, keys = chance.randrange(ITEMS), tuple(sorted(chance.sample(KEYS, 3)))
        made = entry(number, keys, chance.choice(HOMES), hours=number % 7)
        made = msgspec.structs.replace(made, component=COMPONENTS[(number + len(there)) % 3])
        put[made.entry_id] = made
    drop = tuple(name for name in chance.sample(sorted(there), min(len(there), chance.randrange(3))) if name not in put)
    for name in drop:
        del there[name]
    there |= put
    due = T0 + timedelta(hours=chance.randrange(5)) if chance.random() < 0.5 else None
    state = IncidentState(incident=incident(chance.choice("abc"), chance.randrange(9)), due_at=due)
    return Changes(
        verdict="applied",
        item=item_state(chance.randrange(ITEMS)),
        put=tuple(put.values()),
        drop=drop,
        incidents=(state,),
    )


@pytest.mark.parametrize("seed", range(4))
def test_it_answers_as_the_database(tmp_path: Path, seed: int) -> None:
    chance, there = Random(seed), dict[str, Entry]()
    store = Store(f"sqlite:///{tmp_path}/state.db")
    writers = [Remembering(store), Remembering(store)]
    for turn in range(40):
        with chance.choice(writers).writing() as work:
            for _ in range(chance.randrange(1, 6)):
                work.apply(some(chance, there))
                if chance.random() < 0.5:
                    answers(work)  # remembers, and reads beneath what is not written yet
            within = answers(work)
        with store.looking() as plain:
            assert within == answers(plain), f"turn {turn}"
    store.close()


def test_what_is_forgotten_in_the_database_is_forgotten_in_memory(tmp_path: Path) -> None:
    chance, there = Random(1), dict[str, Entry]()
    store = Store(f"sqlite:///{tmp_path}/state.db")
    writer = Remembering(store)
    with writer.writing() as work:
        for _ in range(60):
            work.apply(some(chance, there))
        answers(work)
    gone = writer.forget_before(T0 + timedelta(hours=5))
    assert 0 < gone < len(there)
    same(writer, store)


def test_what_was_rolled_back_is_not_remembered(tmp_path: Path) -> None:
    chance, there = Random(2), dict[str, Entry]()
    store = Store(f"sqlite:///{tmp_path}/state.db")
    writer = Remembering(store)

    def take(number: int, then: Callable[[Remembered], object]) -> None:
        with writer.writing() as work:
            for _ in range(number):
                work.apply(some(chance, there))
            then(work)

    take(10, answers)
    with pytest.raises(ZeroDivisionError):
        take(10, lambda _: 1 / 0)
    same(writer, store)


def same(writer: Remembering, store: Store) -> None:
    with store.looking() as plain:
        expected = answers(plain)
    with writer.writing() as work:
        assert answers(work) == expected
