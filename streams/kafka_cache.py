"""What one writer of the state remembers from transaction to transaction, so that a look-up is not asked twice.

Resolving looks at the same incidents again and again. What was read stays true as long as nobody else has written, and
writers are alone by lock: a position in the state says who wrote last. What a change touches is forgotten, not patched,
so everything that is answered was read from the database.
"""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from processors.resolve.state import Changes, Entry, IncidentState, ItemState
from streams.store import Store, Work

WRITER = "writer"  # position: who wrote last
MOST = 20_000  # incidents remembered, about 10 KB each; beyond that it begins anew


class Remembering:
    """Transactions on a store that remember. For one thread."""

    def __init__(self, store: Store) -> None:
        self._store, self._name = store, uuid.uuid4().hex
        self._incidents: dict[str, IncidentState | None] = {}
        self._entries: dict[str, list[Entry]] = {}
        self._homes: dict[str, str] = {}  # entry → the incident under which it is remembered

    @contextmanager
    def writing(self) -> Iterator["Remembered"]:
        """As `Store.writing`."""
        try:
            with self._store.writing() as work:
                if work.position(WRITER) != self._name:
                    self.forget()
                    work.move(WRITER, self._name)
                yield Remembered(work, self)
        except BaseException:
            self.forget()  # what was read in a transaction that was rolled back may never have been
            raise

    def forget(self) -> None:
        self._incidents.clear()
        self._entries.clear()
        self._homes.clear()

    def incident(self, incident_id: str, work: Work) -> IncidentState | None:
        if incident_id not in self._incidents:
            self._make_room()
            self._incidents[incident_id] = work.incident(incident_id)
        return self._incidents[incident_id]

    def entries(self, incident_id: str, work: Work) -> list[Entry]:
        if incident_id not in self._entries:
            self._make_room()
            self._entries[incident_id] = found = work.entries_of_incident(incident_id)
            self._homes |= {entry.entry_id: incident_id for entry in found}
        return list(self._entries[incident_id])

    def touched(self, changes: Changes) -> None:
        """Forgets what the changes make untrue."""
        for state in changes.incidents:
            self._incidents.pop(state.incident.incident_id, None)
        moved = {entry.entry_id for entry in changes.put} | set(changes.drop)
        homes = {self._homes[each] for each in moved if each in self._homes}
        for incident_id in homes | {entry.incident_id for entry in changes.put if entry.incident_id}:
            for entry in self._entries.pop(incident_id, ()):
                self._homes.pop(entry.entry_id, None)

    def _make_room(self) -> None:
        if len(self._incidents) >= MOST or len(self._entries) >= MOST:
            self.forget()


class Remembered:
    """Implements `topology.State` on one transaction of a `Remembering` writer."""

    def __init__(self, work: Work, memory: Remembering) -> None:
        self._work, self._memory = work, memory
        self.position, self.move = work.position, work.move

    def item(self, item_key: str) -> ItemState | None:
        return self._work.item(item_key)

    def items(self, item_keys: Collection[str]) -> list[ItemState]:
        return self._work.items(item_keys)

    def entries_of_item(self, item_key: str) -> list[Entry]:
        return self._work.entries_of_item(item_key)

    def entries_under(self, keys: Collection[str], most: int) -> list[Entry]:
        return self._work.entries_under(keys, most)

    def entries_of_incident(self, incident_id: str) -> list[Entry]:
        return self._memory.entries(incident_id, self._work)

    def incident(self, incident_id: str) -> IncidentState | None:
        return self._memory.incident(incident_id, self._work)

    def due(self, now: datetime, most: int) -> list[IncidentState]:
        return self._work.due(now, most)

    def apply(self, changes: Changes) -> None:
        self._work.apply(changes)
        self._memory.touched(changes)
