"""The resolve stage's state in memory, for replay and tests: same answers as the stores give.

Bounded: entries, items and incidents leave the working set once nothing told of them for `horizon` of the stream's own
time; an incident that left is closed and does not come back.
"""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from processors.model import Incident
from processors.resolve.state import Changes, Entry, IncidentState, ItemState

HORIZON = timedelta(days=30)
MOST_VERSIONS = 200  # kept of one incident for `explain`


class MemoryState:
    """Implements `StateView`; `apply` writes what `resolve` returned."""

    def __init__(self, horizon: timedelta = HORIZON) -> None:
        self.horizon = horizon
        self.closed: list[Incident] = []
        self._items: OrderedDict[str, ItemState] = OrderedDict()
        self._entries: dict[str, Entry] = {}
        self._by_item: dict[str, set[str]] = defaultdict(set)
        self._by_key: dict[str, set[str]] = defaultdict(set)
        self._by_incident: dict[str, set[str]] = defaultdict(set)
        self._incidents: OrderedDict[str, IncidentState] = OrderedDict()
        self._versions: dict[str, list[Incident]] = defaultdict(list)
        self._waiting: dict[str, datetime] = {}
        self._newest: datetime | None = None

    def item(self, item_key: str) -> ItemState | None:
        return self._items.get(item_key)

    def items(self, item_keys: Collection[str]) -> list[ItemState]:
        return [self._items[k] for k in sorted(item_keys) if k in self._items]

    def entries_of_item(self, item_key: str) -> list[Entry]:
        return self._named(self._by_item.get(item_key, ()))

    def entries_of_incident(self, incident_id: str) -> list[Entry]:
        return self._named(self._by_incident.get(incident_id, ()))

    def entries_under(self, keys: Collection[str], most: int) -> list[Entry]:
        common: Counter[str] = Counter()
        for key in keys:
            common.update(self._by_key.get(key, ()))
        if len(common) <= most:
            return self._named(common)
        best = sorted(common, key=lambda e: (-common[e], -self._entries[e].signs.hour, e))
        return self._named(best[:most])

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
            told = changes.item.record.published_at
            self._newest = max(self._newest or told, told)
            self._forget(self._newest - self.horizon)

    def _named(self, ids: Collection[str]) -> list[Entry]:
        return [self._entries[e] for e in sorted(ids)]

    def _file(self, entry: Entry) -> None:
        self._entries[entry.entry_id] = entry
        self._by_item[entry.item_key].add(entry.entry_id)
        for key in entry.keys:
            self._by_key[key].add(entry.entry_id)
        if entry.incident_id:
            self._by_incident[entry.incident_id].add(entry.entry_id)

    def _unfile(self, entry_id: str) -> None:
        entry = self._entries.pop(entry_id, None)
        if entry is None:
            return
        homes = [(self._by_item, entry.item_key), (self._by_incident, entry.incident_id or "")]
        for index, key in [*homes, *((self._by_key, k) for k in entry.keys)]:
            index[key].discard(entry_id)
            if not index[key]:
                del index[key]

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
            item_key, _ = self._items.popitem(last=False)
            for entry in self.entries_of_item(item_key):
                if entry.incident_id is None:
                    self._unfile(entry.entry_id)
        while self._incidents:
            incident_id, state = next(iter(self._incidents.items()))
            if (state.incident.updated_at or before) >= before or incident_id in self._waiting:
                break
            del self._incidents[incident_id]
            self._versions.pop(incident_id, None)
            self.closed.append(state.incident)
            for entry in self.entries_of_incident(incident_id):
                self._unfile(entry.entry_id)
