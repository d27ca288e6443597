"""The store as the runtimes hold it: transactions, the outbox, how old entries leave the working set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, exists, func, select

from processors.model import Alert
from streams.store import rows, tables
from streams.store.database import among, connect, create_schema, reading, writing
from streams.store.work import Work

SKEW = timedelta(days=1)  # an entry is no more than this later than what it changed

LAST = datetime.max.replace(tzinfo=UTC)


class Store:
    """`Store(url)` opens and, where needed, makes the database. Raises ConfigError, UnavailableError."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = connect(url)
        create_schema(self.engine)

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Work]:
        """One transaction, alone among all writers: state, alerts and positions change together or not at all."""
        with writing(self.engine) as connection:
            yield Work(connection)

    @contextmanager
    def looking(self) -> Iterator[Work]:
        """The same questions without the right to write; never waits for a writer."""
        with reading(self.engine) as connection:
            yield Work(connection)

    def pending(self, sink: str, most: int) -> list[tuple[int, Alert]]:
        """Alerts that this sink was not yet given, in order, with their places in the outbox."""
        table, after = tables.outbox, self.given(sink)
        with reading(self.engine) as connection:
            found = connection.execute(select(table).where(table.c.seq > after).order_by(table.c.seq).limit(most))
            return [(row.seq, rows.alert_of(row.body)) for row in found]

    def given(self, sink: str) -> int:
        """The place in the outbox up to which this sink was given all; 0 if nothing."""
        with self.looking() as work:
            return int(work.position(f"sink:{sink}") or 0)

    def delivered(self, sink: str, seq: int) -> None:
        """Marks all up to `seq` as given to the sink; called after it took them."""
        self.place({f"sink:{sink}": str(seq)})

    def place(self, places: dict[str, str]) -> None:
        """Sets positions that only the caller moves, without waiting for whoever writes the state."""
        with writing(self.engine, alone=False) as connection:
            Work(connection).move_all(places)

    def forget(self, before: datetime) -> list[str]:
        """Lets go of what was last touched before a time, as `MemoryState` does; returns the ids of entries that went.

        Of incidents that wait for nothing the entries go, so that nothing joins them any more; entries in no incident
        go with their items. An item stays as long as it tells something. Incidents and their versions stay for reading.
        """
        items, entries, incidents = tables.items, tables.entries, tables.incidents
        gone = exists().where(items.c.item_key == entries.c.item_key, items.c.published_at < before)
        of_entry = incidents.c.incident_id == entries.c.incident_id
        closed = exists().where(of_entry, incidents.c.updated_at < before, incidents.c.due_at.is_(None))
        # what is kept of incidents of years is many times what stands, so the entries are gone through, the oldest only
        old = (entries.c.published_at < before + min(SKEW, LAST - before)) & (
            closed | (entries.c.incident_id.is_(None) & gone)
        )
        filed = tables.entry_keys
        telling = exists().where(entries.c.item_key == items.c.item_key)
        with writing(self.engine) as connection:
            names = sorted(connection.scalars(delete(entries).where(old).returning(entries.c.entry_id)))
            if names:
                connection.execute(delete(filed).where(among(connection.dialect.name, filed.c.entry_id, names)))
            connection.execute(delete(items).where(items.c.published_at < before, ~telling))
        return names

    def count_open(self) -> int:
        """Incidents of status `open`."""
        table = tables.incidents
        with reading(self.engine) as connection:
            return connection.scalar(select(func.count()).select_from(table).where(table.c.status == "open")) or 0
