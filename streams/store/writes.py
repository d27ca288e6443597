"""What several inputs change, written together: the last state of each row, in one statement a table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, select

from processors.resolve.state import Changes, Entry
from streams.store import rows, tables
from streams.store.database import among, upsert


class Writes:
    """Writes rows in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._dialect = connection, connection.dialect.name

    def changes(self, made: Sequence[Changes]) -> None:
        """All changes, in their order. Again with the same changes: nothing more happens."""
        self._put(tables.items, [rows.item_row(c.item) for c in made if c.item], "item_key")
        self._entries(_standing(made))
        self._put(tables.incidents, [rows.incident_row(s) for c in made for s in c.incidents], "incident_id")
        versions = [rows.version_row(state, c) for c in made for state in c.incidents]
        self._add(tables.incident_versions, versions)
        self._add(tables.outbox, [rows.outbox_row(alert) for c in made for alert in c.alerts])

    def positions(self, places: Mapping[str, str]) -> None:
        self._put(tables.positions, [{"name": name, "value": value} for name, value in places.items()], "name")

    def _put(self, table: Table, found: Sequence[dict[str, Any]], key: str) -> None:
        """The last row of each key replaces what is there; in the order of keys, whatever came first."""
        last = {row[key]: row for row in found}
        if last:
            self._connection.execute(upsert(self._dialect, table), [last[k] for k in sorted(last)])

    def _add(self, table: Table, found: Sequence[dict[str, Any]]) -> None:
        """New rows in their order; what is there already stays."""
        if found:
            self._connection.execute(upsert(self._dialect, table, keep_old=True), found)

    def _entries(self, standing: Mapping[str, Entry | None]) -> None:
        gone = [entry_id for entry_id, entry in standing.items() if entry is None]
        if gone:
            table = tables.entries
            self._connection.execute(delete(table).where(among(self._dialect, table.c.entry_id, gone)))
        self._put(tables.entries, [rows.entry_row(entry) for entry in standing.values() if entry], "entry_id")
        if standing:
            self._file(standing)

    def _file(self, standing: Mapping[str, Entry | None]) -> None:
        """Files entries under their keys, and no others."""
        table = tables.entry_keys
        query = select(table.c.entry_id, table.c.key, table.c.told_at)
        found = self._connection.execute(query.where(among(self._dialect, table.c.entry_id, standing)))
        old = {(row.entry_id, row.key, row.told_at) for row in found}
        new = {(name, key, e.published_at) for name, e in standing.items() if e for key in e.keys}
        if old - new:
            chosen = (table.c.entry_id == bindparam("of_entry")) & (table.c.key == bindparam("under_key"))
            wrong = [{"of_entry": name, "under_key": key} for name, key, _ in sorted(old - new)]
            self._connection.execute(delete(table).where(chosen), wrong)
        if new - old:
            fresh = [{"entry_id": name, "key": key, "told_at": at} for name, key, at in sorted(new - old)]
            self._connection.execute(table.insert(), fresh)


def _standing(made: Iterable[Changes]) -> dict[str, Entry | None]:
    """Entry id → the entry as it is in the end, None where it stands no more."""
    last: dict[str, Entry | None] = {}
    for changes in made:
        last |= dict.fromkeys(changes.drop) | {entry.entry_id: entry for entry in changes.put}
    return last
