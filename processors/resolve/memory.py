"""The resolve stage's state in memory, for replay and tests: same answers as the stores give.

Bounded: entries, items and incidents leave the working set once nothing told of them for `horizon` of the stream's own
time; an incident that left is closed and does not come back.
"""

from bisect import bisect_left, insort
from collections import OrderedDict, defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from processors.model import Incident
from processors.resolve.blocking import NEWEST, chosen
from processors.resolve.state import Changes, Entry, IncidentState, ItemState

HORIZON = timedelta(days=30)
MOST_VERSIONS = 200  # kept of one incident for `explain`


class MemoryState:
    """Implements `StateView`; `apply` writes what `resolve` returned."""

    def __init__(self, horizon: timedelta = HORIZON) -> None:
        self.horizon = horizon
        self.closed: list[Incident] = []
        self._items: OrderedDict[str, ItemState] = OrderedDict()
        self._telling: dict[str, ItemState] = {}  # items beyond the horizon that tell of an incident which goes on
        self._entries: dict[str, Entry] = {}
        self._by_item: dict[str, set[str]] = defaultdict(set)
        self._by_key: dict[str, list[tuple[datetime, str]]] = defaultdict(list)  # sorted, the newest last
        self._by_component: dict[str, set[str]] = defaultdict(set)
        self._by_incident: dict[str, set[str]] = defaultdict(set)
        self._incidents: OrderedDict[str, IncidentState] = OrderedDict()
        self._versions: dict[str, list[Incident]] = defaultdict(list)
        self._waiting: dict[str, datetime] = {}
        self._newest: datetime | None = None

    def item(self, item_key: str) -> ItemState | None:
        return self._items.get(item_key) or self._telling.get(item_key)

    def items(self, item_keys: Collection[str]) -> list[ItemState]:
        return [state for k in sorted(item_keys) if (state := self.item(k))]

    def entries_of_item(self, item_key: str) -> list[Entry]:
        return self._named(self._by_item.get(item_key, ()))

    def entries_of_incident(self, incident_id: str) -> list[Entry]:
        return self._named(self._by_incident.get(incident_id, ()))

    def entries_of_component(self, label: str) -> list[Entry]:
        return self._named(self._by_component.get(label, ()))

    def entries_under(self, keys: Collection[str], most: int) -> list[Entry]:
        found = {key: [e for _, e in self._by_key[key][-NEWEST:]] for key in keys if key in self._by_key}
        return self._named(chosen(found, most))

    def incident(self, incident_id: str) -> IncidentState | None:
        return self._incidents.get(incident_id)

    def due(self, now: datetime, most: int) -> list[IncidentState]:
        ripe = sorted((at, i) for i, at in self._waiting.items() if at <= now)[:most]
        return [self._incidents[i] for i in sorted(i for _, i in ripe)]

    def incidents(self) -> list[Incident]:
        """Every incident's last version, also of those that were closed, sorted by id."""
        return sorted([*self.closed, *(s.incident for s in self._incidents.values())], key=lambda i: i.incident_id)

    def versions(self, incident_id: str) -> list[Incident]:
        """The published versions of an incident, oldest first."""
        return list(self._versions.get(incident_id, ()))

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
            self._items[changes.item.item_key] = changes.item
            self._items.move_to_end(changes.item.item_key)
            self._telling.pop(changes.item.item_key, None)
            told = changes.item.record.published_at
            self._newest = max(self._newest or told, told)
            self._forget(self._newest - self.horizon)

    def _named(self, ids: Collection[str]) -> list[Entry]:
        return [self._entries[e] for e in sorted(ids)]

    def _file(self, entry: Entry) -> None:
        self._entries[entry.entry_id] = entry
        self._by_item[entry.item_key].add(entry.entry_id)
        for key in entry.keys:
            insort(self._by_key[key], (entry.published_at, entry.entry_id))
        self._by_component[entry.component].add(entry.entry_id)
        if entry.incident_id:
            self._by_incident[entry.incident_id].add(entry.entry_id)

    def _unfile(self, entry_id: str) -> None:
        entry = self._entries.pop(entry_id, None)
        if entry is None:
            return
        homes = (self._by_item, entry.item_key), (self._by_component, entry.component)
        for index, name in (*homes, (self._by_incident, entry.incident_id or "")):
            index[name].discard(entry_id)
            if not index[name]:
                del index[name]
        for key in entry.keys:
            filed = self._by_key[key]
            del filed[bisect_left(filed, (entry.published_at, entry_id))]
            if not filed:
                del self._by_key[key]

    def _set_incident(self, state: IncidentState) -> None:
        incident = state.incident
        self._incidents[incident.incident_id] = state
        self._incidents.move_to_end(incident.incident_id)
        versions = self._versions[incident.incident_id]
        if not versions or versions[-1].version != incident.version:
            versions.append(incident)
            del versions[:-MOST_VERSIONS]
        if state.due_at is not None:
            self._waiting[incident.incident_id] = state.due_at
        else:
            self._waiting.pop(incident.incident_id, None)

    def _forget(self, before: datetime) -> None:
        """Lets go of items, and of incidents with their entries, that were last touched before the horizon."""
        while self._items and next(iter(self._items.values())).record.published_at < before:
            item_key, item = self._items.popitem(last=False)
            for entry in self.entries_of_item(item_key):
                if entry.incident_id is None:
                    self._unfile(entry.entry_id)
            if item_key in self._by_item:
                self._telling[item_key] = item
        while self._incidents:
            incident_id, state = next(iter(self._incidents.items()))
            if (state.incident.updated_at or before) >= before or incident_id in self._waiting:
                break
            del self._incidents[incident_id]
            self._versions.pop(incident_id, None)
            self.closed.append(state.incident)
            for entry in self.entries_of_incident(incident_id):
                self._unfile(entry.entry_id)
                if entry.item_key not in self._by_item:
                    self._telling.pop(entry.item_key, None)
