"""One transaction on the state: answers what resolving asks and writes what it decides, all of it or nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, select

from processors.resolve.state import Changes, Entry, IncidentState, ItemState
from streams.store import rows, tables
from streams.store.database import upsert

LOOKUP = 5000  # values in one IN (…): SQLite takes 32,766 parameters, PostgreSQL 65,535


class Work:
    """Implements `topology.State` inside one transaction; see `Store.writing`. Sees its own writes."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self._engine, self._connection = engine, connection

    # what resolving asks

    def item(self, item_key: str) -> ItemState | None:
        return next(iter(self.items((item_key,))), None)

    def items(self, item_keys: Collection[str]) -> list[ItemState]:
        table = tables.items
        found = self._under(select(table.c.body), table.c.item_key, item_keys)
        return sorted((rows.item_of(row.body) for row in found), key=lambda state: state.item_key)

    def entries_of_item(self, item_key: str) -> list[Entry]:
        return self._entries(tables.entries.c.item_key, item_key)

    def entries_of_incident(self, incident_id: str) -> list[Entry]:
        return self._entries(tables.entries.c.incident_id, incident_id)

    def entries_under(self, keys: Collection[str], most: int) -> list[Entry]:
        """Those with most keys in common, then the newest, then by id: at most `most`; sorted by id."""
        if len(keys) > LOOKUP:
            raise ValueError(f"at most {LOOKUP} keys in one look-up, not {len(keys)}")
        entries, filed = tables.entries, tables.entry_keys
        shared = func.count().label("shared")
        query = (
            select(entries.c.body)
            .join_from(filed, entries, filed.c.entry_id == entries.c.entry_id)
            .where(filed.c.key.in_(sorted(keys)))
            .group_by(entries.c.entry_id, entries.c.body, entries.c.published_at)
            .order_by(shared.desc(), entries.c.published_at.desc(), entries.c.entry_id)
            .limit(most)
            .add_columns(shared)
        )
        found = [rows.entry_of(row.body) for row in self._connection.execute(query)]
        return sorted(found, key=lambda entry: entry.entry_id)

    def incident(self, incident_id: str) -> IncidentState | None:
        table = tables.incidents
        row = self._connection.execute(select(table).where(table.c.incident_id == incident_id)).one_or_none()
        return rows.incident_state(row) if row else None

    def due(self, now: datetime, most: int) -> list[IncidentState]:
        table = tables.incidents
        query = select(table).where(table.c.due_at <= now).order_by(table.c.due_at, table.c.incident_id).limit(most)
        found = [rows.incident_state(row) for row in self._connection.execute(query)]
        return sorted(found, key=lambda state: state.incident.incident_id)

    # what it decides

    def apply(self, changes: Changes) -> None:
        """Writes the changes. Again with the same changes: nothing more happens."""
        if changes.item:
            self._put(tables.items, rows.item_row(changes.item))
        self._drop_entries(changes.drop)
        for entry in changes.put:
            self._put_entry(entry)
        for state in changes.incidents:
            self._put_incident(state, changes)
        for alert in changes.alerts:
            row = {"alert_id": alert.alert_id, "incident_id": alert.incident_id, "sent_at": alert.sent_at}
            self._put(tables.outbox, row | {"body": rows.text_of(alert)}, update=())

    def position(self, name: str) -> str | None:
        """How far an input, or a sink, has come; None if never seen."""
        table = tables.positions
        return self._connection.execute(select(table.c.value).where(table.c.name == name)).scalar()

    def move(self, name: str, value: str) -> None:
        """Sets a position in the same transaction as what came before it."""
        self._put(tables.positions, {"name": name, "value": value})

    # how

    def _entries(self, column: Any, value: str) -> list[Entry]:
        table = tables.entries
        query = select(table.c.body).where(column == value).order_by(table.c.entry_id)
        found = [rows.entry_of(row.body) for row in self._connection.execute(query)]
        return sorted(found, key=lambda entry: entry.entry_id)  # the database's collation may differ

    def _under(self, query: Any, column: Any, values: Collection[str]) -> list[Row[Any]]:
        wanted = sorted(values)
        parts = (wanted[i : i + LOOKUP] for i in range(0, len(wanted), LOOKUP))
        return [row for part in parts for row in self._connection.execute(query.where(column.in_(part)))]

    def _put(self, table: Any, row: dict[str, Any], update: tuple[str, ...] | None = None) -> None:
        self._connection.execute(upsert(self._engine, table, row, update))

    def _put_entry(self, entry: Entry) -> None:
        filed = tables.entry_keys
        self._put(tables.entries, rows.entry_row(entry))
        old = set(self._connection.scalars(select(filed.c.key).where(filed.c.entry_id == entry.entry_id)))
        new = set(entry.keys)
        for part in _parts(sorted(old - new)):
            self._connection.execute(delete(filed).where(filed.c.entry_id == entry.entry_id, filed.c.key.in_(part)))
        if new - old:
            fresh = [{"key": key, "entry_id": entry.entry_id} for key in sorted(new - old)]
            self._connection.execute(filed.insert(), fresh)

    def _drop_entries(self, entry_ids: Sequence[str]) -> None:
        for part in _parts(entry_ids):
            self._connection.execute(delete(tables.entry_keys).where(tables.entry_keys.c.entry_id.in_(part)))
            self._connection.execute(delete(tables.entries).where(tables.entries.c.entry_id.in_(part)))

    def _put_incident(self, state: IncidentState, changes: Changes) -> None:
        incident = state.incident
        self._put(tables.incidents, rows.incident_row(state))
        version = {
            "incident_id": incident.incident_id,
            "version": incident.version,
            "updated_at": incident.updated_at or incident.first_reported_at,
            "item": changes.item.record.item if changes.item else None,
            "notes": rows.text_of(changes.notes),
            "body": rows.text_of(incident),
        }
        self._put(tables.incident_versions, version, update=())


def _parts(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[i : i + LOOKUP] for i in range(0, len(values), LOOKUP)]
