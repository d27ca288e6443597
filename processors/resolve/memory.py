"""The resolve stage's state in memory, for replay and tests: same answers as the stores give.

Bounded: entries, items and incidents leave the working set once nothing told of them for `horizon` of the stream's own
time; an incident that left is closed and does not come back. What stays is kept encoded, about 12 KB an incident.
"""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
import xxhash

from processors.model import Incident
from processors.resolve.blocking import NEWEST, chosen
from processors.resolve.packed import Packed
from processors.resolve.state import Changes, Entry, IncidentState, ItemState

HORIZON = timedelta(days=30)
MOST_VERSIONS = 200  # kept of one incident for `explain`
READY = 4096  # entries, items and incidents that are kept decoded as well, those of the last days
Filed = tuple[datetime, str]  # an entry under a key: when it was published, its id
Index = dict[str, tuple[str, ...]]  # name → ids of entries, sorted


class MemoryState:
    """Implements `StateView`; `apply` writes what `resolve` returned."""

    def __init__(self, horizon: timedelta = HORIZON) -> None:
        self.horizon = horizon
        self.closed: list[Incident] = []
        self._items = Packed(ItemState, READY)
        self._told: OrderedDict[str, datetime] = OrderedDict()  # items within the horizon, in order of arrival
        self._entries = Packed(Entry, READY)
        self._by_item: Index = {}
        self._by_key: dict[int, Filed | list[Filed]] = {}  # by digest; sorted, the newest last; most hold one
        self._by_component: Index = {}
        self._by_incident: Index = {}
        self._incidents = Packed(IncidentState, READY)
        self._changed: OrderedDict[str, datetime | None] = OrderedDict()  # incidents in order of their last change
        self._earlier: dict[str, list[bytes]] = {}  # versions before the last, where there are any
        self._waiting: dict[str, datetime] = {}
        self._newest: datetime | None = None

    def item(self, item_key: str) -> ItemState | None:
        return self._items.get(item_key)

    def items(self, item_keys: Collection[str]) -> list[ItemState]:
        return [state for k in sorted(item_keys) if (state := self.item(k))]

    def entries_of_item(self, item_key: str) -> list[Entry]:
        return self._named(self._by_item.get(item_key, ()))

    def entries_of_incident(self, incident_id: str) -> list[Entry]:
        return self._named(self._by_incident.get(incident_id, ()))

    def entries_of_component(self, label: str) -> list[Entry]:
        return self._named(self._by_component.get(label, ()))

    def entries_under(self, keys: Collection[str], most: int) -> list[Entry]:
        found = {key: held for key in keys if (held := self._newest_under(key))}
        return self._named(sorted(chosen(found, most)))

    def incident(self, incident_id: str) -> IncidentState | None:
        return self._incidents.get(incident_id)

    def due(self, now: datetime, most: int) -> list[IncidentState]:
        ripe = sorted((at, i) for i, at in self._waiting.items() if at <= now)[:most]
        return [state for i in sorted(i for _, i in ripe) if (state := self.incident(i))]

    def incidents(self) -> list[Incident]:
        """Every incident's last version, also of those that were closed, sorted by id."""
        known = (self._incidents.peek(name).incident for name in self._incidents)
        return sorted([*self.closed, *known], key=lambda i: i.incident_id)

    def versions(self, incident_id: str) -> list[Incident]:
        """The published versions of an incident, oldest first."""
        if (last := self.incident(incident_id)) is None:
            return []
        earlier = self._earlier.get(incident_id, ())
        return [*(msgspec.msgpack.decode(each, type=Incident) for each in earlier), last.incident]

    def apply(self, changes: Changes) -> None:
        """Writes one input's changes."""
        for entry_id in changes.drop:
            self._unfile(entry_id)
        for entry in changes.put:
            self._unfile(entry.entry_id)
            self._file(entry)
        for state in changes.incidents:
            self._set_incident(state)
        if changes.item is not None:
            told = changes.item.record.published_at
            self._items.put(changes.item.item_key, changes.item)
            self._told[changes.item.item_key] = told
            self._told.move_to_end(changes.item.item_key)
            self._newest = max(self._newest or told, told)
            self._forget(self._newest - self.horizon)

    def _named(self, ids: Collection[str]) -> list[Entry]:
        """Entries of sorted ids."""
        return [entry for e in ids if (entry := self._entries.get(e))]

    def _newest_under(self, key: str) -> list[str]:
        filed = self._by_key.get(_digest(key), [])
        return [entry_id for _, entry_id in filed[-NEWEST:]] if isinstance(filed, list) else [filed[1]]

    def _file(self, entry: Entry) -> None:
        self._entries.put(entry.entry_id, entry)
        place = (entry.published_at, entry.entry_id)
        for key in map(_digest, entry.keys):
            filed = self._by_key.setdefault(key, place)
            if isinstance(filed, list):
                insort(filed, place)
            elif filed is not place:
                self._by_key[key] = sorted([filed, place])
        for index, name in self._homes(entry):
            index[name] = tuple(sorted((*index.get(name, ()), entry.entry_id)))

    def _unfile(self, entry_id: str) -> None:
        entry = self._entries.pop(entry_id)
        if entry is None:
            return
        for index, name in self._homes(entry):
            index[name] = tuple(e for e in index[name] if e != entry_id)
            if not index[name]:
                del index[name]
        for key in map(_digest, entry.keys):
            filed = self._by_key[key]
            if isinstance(filed, list) and len(filed) > 1:
                del filed[bisect_left(filed, (entry.published_at, entry_id))]
            else:
                del self._by_key[key]

    def _homes(self, entry: Entry) -> list[tuple[Index, str]]:
        homes = [(self._by_item, entry.item_key), (self._by_component, entry.component)]
        return [*homes, (self._by_incident, entry.incident_id)] if entry.incident_id else homes

    def _set_incident(self, state: IncidentState) -> None:
        name = state.incident.incident_id
        before = self._incidents.get(name)
        if before is not None and before.incident.version != state.incident.version:
            earlier = self._earlier.setdefault(name, [])
            earlier.append(msgspec.msgpack.encode(before.incident))
            del earlier[: 1 - MOST_VERSIONS]
        self._incidents.put(name, state)
        self._changed[name] = state.incident.updated_at
        self._changed.move_to_end(name)
        if state.due_at is not None:
            self._waiting[name] = state.due_at
        else:
            self._waiting.pop(name, None)

    def _forget(self, before: datetime) -> None:
        """Lets go of items, and of incidents with their entries, that were last touched before the horizon."""
        while self._told and next(iter(self._told.values())) < before:
            self._forget_item(self._told.popitem(last=False)[0])
        while self._changed:
            incident_id, changed = next(iter(self._changed.items()))
            if (changed or before) >= before or incident_id in self._waiting:
                break
            self._close(incident_id)

    def _forget_item(self, item_key: str) -> None:
        """An item stays as long as it tells of an incident that goes on."""
        for entry in self.entries_of_item(item_key):
            if entry.incident_id is None:
                self._unfile(entry.entry_id)
        if item_key not in self._by_item:
            self._items.pop(item_key)

    def _close(self, incident_id: str) -> None:
        del self._changed[incident_id]
        self._earlier.pop(incident_id, None)
        if state := self._incidents.pop(incident_id):
            self.closed.append(state.incident)
        for entry in self.entries_of_incident(incident_id):
            self._unfile(entry.entry_id)
            if entry.item_key not in self._by_item and entry.item_key not in self._told:
                self._items.pop(entry.item_key)


def _digest(key: str) -> int:
    """Shorter than the key; should two ever meet, a lookup brings a candidate too many."""
    return xxhash.xxh3_64_intdigest(key.encode())
