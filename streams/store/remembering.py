"""A writer of the state that remembers what it read and wrote, and writes once a transaction.

Resolving looks at the same incidents again and again. What was read or written stays true as long as nobody else has
written, and writers are alone by lock: a position in the state says who wrote last. While a transaction runs, its changes
are kept in memory, where everything that is asked is answered first; they are written together at its end.
"""

import uuid
from collections.abc import Collection, Container, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from processors.model import ItemMentions
from processors.resolve.blocking import NEWEST, chosen, lookup_keys
from processors.resolve.components import MOST_CANDIDATES
from processors.resolve.signs import signs_of
from processors.resolve.state import Changes, Entry, IncidentState, ItemState
from streams.store.filing import Filing, Home
from streams.store.store import Store
from streams.store.work import Work

WRITER = "writer"  # position: who wrote last
MOST = 10_000  # entries, items or incidents remembered, up to 10 KB each; beyond that it begins anew
MOST_KEYS = 200_000  # likewise, up to 1 KB each


class Remembering:
    """Transactions on a store that remember. For one thread."""

    def __init__(self, store: Store) -> None:
        self._store, self._name = store, uuid.uuid4().hex
        self.forget()

    @contextmanager
    def writing(self) -> Iterator["Remembered"]:
        """As `Store.writing`."""
        try:
            with self._store.writing() as work:
                known = work.position(WRITER) == self._name
                if not known or self._full():
                    self.forget()
                turn = Remembered(work, self)
                if not known:
                    turn.move(WRITER, self._name)
                yield turn
                turn.write()
        except BaseException:
            self.forget()  # what was not written is not so
            raise

    def _full(self) -> bool:
        most = max(len(self.items), len(self.incidents), len(self.filing.entries))
        return most > MOST or len(self.filing.under) > MOST_KEYS

    def forget_before(self, before: datetime) -> int:
        """As `Store.forget`, and the same in memory."""
        gone = self._store.forget(before)
        self.filing.lose(gone)
        old = [key for key, state in self.items.items() if state and state.record.published_at < before]
        for key in old:  # of these some went
            del self.items[key]
        return len(gone)

    def forget(self) -> None:
        """Begins anew: what is asked next is read."""
        self.items: dict[str, ItemState | None] = {}
        self.incidents: dict[str, IncidentState | None] = {}
        self.waiting: dict[str, datetime] | None = None
        self.filing = Filing()


class Remembered:
    """Implements `topology.State` on one transaction of a `Remembering` writer."""

    def __init__(self, work: Work, memory: Remembering) -> None:
        self._work, self._memory, self._filing = work, memory, memory.filing
        self._made: list[Changes] = []
        self._places: dict[str, str] = {}

    def expect(self, told: Sequence[ItemMentions]) -> None:
        """Reads at once what resolving will ask for, which one by one would be a dozen questions an item."""
        self.items({f"{each.source_id}/{each.external_id}" for each in told})
        self._read_homes("item_key", {f"{each.source_id}/{each.external_id}" for each in told})
        asked = [lookup_keys(signs_of(each, mention)) for each in told for mention in each.mentions]
        self._read_keys({key for keys in asked for key in keys})
        near = {name for keys in asked for name in self._chosen(keys, MOST_CANDIDATES)}
        self._read_entries(near)
        components = {entry.component for entry in self._filing.named(near)}
        self._read_homes("component", components)
        around = {name for label in components for name in self._filing.of["component"][label]}
        self._read_incidents({entry.incident_id for entry in self._filing.named(around) if entry.incident_id})
        self.items({entry.item_key for entry in self._filing.named(around)})

    def item(self, item_key: str) -> ItemState | None:
        return next(iter(self.items((item_key,))), None)

    def items(self, item_keys: Collection[str]) -> list[ItemState]:
        known = self._memory.items
        if missing := _unknown(item_keys, known):
            known |= dict.fromkeys(missing)
            known |= {state.item_key: state for state in self._work.items(missing)}
        return [state for key in sorted(set(item_keys)) if (state := known[key]) is not None]

    def entries_of_item(self, item_key: str) -> list[Entry]:
        return self._entries_of("item_key", item_key)

    def entries_of_incident(self, incident_id: str) -> list[Entry]:
        return self._entries_of("incident_id", incident_id)

    def entries_of_component(self, label: str) -> list[Entry]:
        return self._entries_of("component", label)

    def entries_under(self, keys: Collection[str], most: int) -> list[Entry]:
        self._read_keys(keys)
        names = self._chosen(keys, most)
        self._read_entries(names)
        return self._filing.named(names)

    def incident(self, incident_id: str) -> IncidentState | None:
        known = self._memory.incidents
        if incident_id not in known:
            known[incident_id] = self._work.incident(incident_id)
        return known[incident_id]

    def due(self, now: datetime, most: int) -> list[IncidentState]:
        ripe = sorted((at, name) for name, at in self._waiting().items() if at <= now)[:most]
        found = (self.incident(name) for _, name in sorted(ripe, key=lambda each: each[1]))
        return [state for state in found if state is not None]

    def apply(self, changes: Changes) -> None:
        self._made.append(changes)
        if changes.item:
            self._memory.items[changes.item.item_key] = changes.item
        self._filing.change(changes)
        waiting = self._waiting() if changes.incidents else {}
        for state in changes.incidents:
            name = state.incident.incident_id
            self._memory.incidents[name] = state
            waiting.pop(name, None)
            if state.due_at is not None:
                waiting[name] = state.due_at

    def position(self, name: str) -> str | None:
        return self._places.get(name) or self._work.position(name)

    def move(self, name: str, value: str) -> None:
        self._places[name] = value

    def write(self) -> None:
        """All that was decided, at the end of the transaction."""
        self._work.apply_all(self._made)
        self._work.move_all(self._places)
        self._filing.written()

    def _waiting(self) -> dict[str, datetime]:
        """Read before the first change of an incident, so that the two never mix."""
        if self._memory.waiting is None:
            self._memory.waiting = self._work.waiting()
        return self._memory.waiting

    def _entries_of(self, home: Home, name: str) -> list[Entry]:
        self._read_homes(home, (name,))
        return self._filing.named(self._filing.of[home][name])

    def _chosen(self, keys: Collection[str], most: int) -> list[str]:
        """What a lookup of keys that were read returns."""
        under = self._filing.under
        return chosen({key: [name for _, name in under[key]] for key in keys if under[key]}, most)

    def _read_homes(self, home: Home, names: Collection[str]) -> None:
        if missing := _unknown(names, self._filing.of[home]):
            self._filing.learn_homes(home, missing, self._work.entries_of_homes(home, missing))

    def _read_keys(self, keys: Collection[str]) -> None:
        if missing := _unknown(keys, self._filing.under):
            self._filing.learn_keys(missing, self._work.newest_under(missing, NEWEST + self._filing.unwritten))

    def _read_entries(self, names: Collection[str]) -> None:
        if missing := _unknown(names, self._filing.entries):
            self._filing.learn(self._work.entries(missing))

    def _read_incidents(self, incident_ids: Collection[str]) -> None:
        self._read_homes("incident_id", incident_ids)
        known = self._memory.incidents
        if missing := _unknown(incident_ids, known):
            known |= dict.fromkeys(missing)
            known |= {state.incident.incident_id: state for state in self._work.incidents(missing)}


def _unknown(names: Collection[str], known: Container[str]) -> set[str]:
    """Those that are not known, each looked up: a set less a dict's keys would go through all keys of the dict."""
    return {name for name in names if name not in known}
