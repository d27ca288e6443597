"""One transaction on the state: answers what resolving asks and writes what it decides, all of it or nothing."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, select

from processors.resolve.blocking import NEWEST, chosen
from processors.resolve.state import Changes, Entry, IncidentState, ItemState
from streams.store import rows, tables
from streams.store.database import among, listed
from streams.store.writes import Writes

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Filed = list[tuple[datetime, str]]  # entries under a key: when published, id; the newest last


class Work:
    """Implements `topology.State` inside one transaction; see `Store.writing`. Sees its own writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._dialect = connection, connection.dialect.name
        self._writes = Writes(connection)

    # what resolving asks

    def item(self, item_key: str) -> ItemState | None:
        return next(iter(self.items((item_key,))), None)

    def items(self, item_keys: Collection[str]) -> list[ItemState]:
        table = tables.items
        found = self._connection.execute(select(table.c.body).where(self._among(table.c.item_key, item_keys)))
        return sorted((rows.item_of(row.body) for row in found), key=lambda state: state.item_key)

    def entries(self, entry_ids: Collection[str]) -> list[Entry]:
        return self._entries(tables.entries.c.entry_id, entry_ids)

    def entries_of_item(self, item_key: str) -> list[Entry]:
        return self.entries_of_homes("item_key", (item_key,))

    def entries_of_incident(self, incident_id: str) -> list[Entry]:
        return self.entries_of_homes("incident_id", (incident_id,))

    def entries_of_component(self, label: str) -> list[Entry]:
        return self.entries_of_homes("component", (label,))

    def entries_of_homes(
        self, home: Literal["item_key", "component", "incident_id"], names: Collection[str]
    ) -> list[Entry]:
        """All entries of these items, components or incidents."""
        return self._entries(tables.entries.c[home], names)

    def entries_under(self, keys: Collection[str], most: int) -> list[Entry]:
        found = self.newest_under(keys, NEWEST)
        return self.entries(chosen({key: [entry_id for _, entry_id in filed] for key, filed in found.items()}, most))

    def newest_under(self, keys: Collection[str], most: int) -> dict[str, Filed]:
        """The newest entries filed under each key, at most so many of one; keys without any are left out."""
        filed, wanted = tables.entry_keys, listed(self._dialect, keys)
        other = filed.alias("other")
        newest = (other.c.told_at.desc(), other.c.entry_id.desc())
        of_key = select(other.c.told_at).where(other.c.key == wanted.c.value).order_by(*newest)
        oldest = func.coalesce(of_key.limit(1).offset(most - 1).scalar_subquery(), EPOCH)
        query = select(filed.c.key, filed.c.told_at, filed.c.entry_id).join_from(
            wanted, filed, (filed.c.key == wanted.c.value) & (filed.c.told_at >= oldest)
        )
        found: dict[str, Filed] = {}
        for key, told_at, entry_id in self._connection.execute(query):
            found.setdefault(key, []).append((told_at, entry_id))
        return {key: sorted(filed)[-most:] for key, filed in found.items()}

    def incident(self, incident_id: str) -> IncidentState | None:
        return next(iter(self.incidents((incident_id,))), None)

    def incidents(self, incident_ids: Collection[str]) -> list[IncidentState]:
        table = tables.incidents
        found = self._connection.execute(select(table).where(self._among(table.c.incident_id, incident_ids)))
        return sorted((rows.incident_state(row) for row in found), key=lambda state: state.incident.incident_id)

    def due(self, now: datetime, most: int) -> list[IncidentState]:
        table = tables.incidents
        query = select(table).where(table.c.due_at <= now).order_by(table.c.due_at, table.c.incident_id).limit(most)
        found = [rows.incident_state(row) for row in self._connection.execute(query)]
        return sorted(found, key=lambda state: state.incident.incident_id)

    def waiting(self) -> dict[str, datetime]:
        """Incidents with an alert that is held back → when it is due."""
        table = tables.incidents
        query = select(table.c.incident_id, table.c.due_at).where(table.c.due_at > EPOCH)  # by the index, not all rows
        return {row.incident_id: row.due_at for row in self._connection.execute(query)}

    # what it decides

    def apply(self, changes: Changes) -> None:
        """Writes the changes. Again with the same changes: nothing more happens."""
        self.apply_all((changes,))

    def apply_all(self, made: Sequence[Changes]) -> None:
        """Writes what several inputs change, in their order."""
        self._writes.changes(made)

    def position(self, name: str) -> str | None:
        """How far an input, or a sink, has come; None if never seen."""
        table = tables.positions
        return self._connection.execute(select(table.c.value).where(table.c.name == name)).scalar()

    def move(self, name: str, value: str) -> None:
        """Sets a position in the same transaction as what came before it."""
        self.move_all({name: value})

    def move_all(self, places: dict[str, str]) -> None:
        self._writes.positions(places)

    # how

    def _entries(self, column: Any, values: Collection[str]) -> list[Entry]:
        if not values:
            return []
        found = self._connection.execute(select(tables.entries.c.body).where(self._among(column, values)))
        return sorted((rows.entry_of(row.body) for row in found), key=lambda entry: entry.entry_id)

    def _among(self, column: Any, values: Collection[str]) -> Any:
        return among(self._dialect, column, values)
