"""The store as the runtimes hold it: transactions, the outbox, how old entries leave the working set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Engine, delete, func, select

from processors.model import Alert
from streams.store import rows, tables
from streams.store.database import connect, create_schema, reading, writing
from streams.store.work import Work


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
            yield Work(self.engine, connection)

    @contextmanager
    def looking(self) -> Iterator[Work]:
        """The same questions without the right to write; never waits for a writer."""
        with reading(self.engine) as connection:
            yield Work(self.engine, connection)

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
        with self.writing() as work:
            work.move(f"sink:{sink}", str(seq))

    def forget(self, before: datetime) -> int:
        """Lets go of what was last touched before a time, as `MemoryState` does; returns how many entries went.

        Items go, and with them entries that are in no incident; of incidents that wait for nothing the entries go, so
        that nothing joins them any more. Incidents themselves and their versions stay for reading.
        """
        items, entries, incidents = tables.items, tables.entries, tables.incidents
        gone = select(items.c.item_key).where(items.c.published_at < before)
        closed = select(incidents.c.incident_id).where(incidents.c.updated_at < before, incidents.c.due_at.is_(None))
        old = entries.c.incident_id.in_(closed) | (entries.c.incident_id.is_(None) & entries.c.item_key.in_(gone))
        filed = tables.entry_keys
        with writing(self.engine) as connection:
            connection.execute(delete(filed).where(filed.c.entry_id.in_(select(entries.c.entry_id).where(old))))
            count = connection.execute(delete(entries).where(old)).rowcount
            connection.execute(delete(items).where(items.c.published_at < before))
        return count

    def count_open(self) -> int:
        """Incidents of status `open`."""
        table = tables.incidents
        with reading(self.engine) as connection:
            return connection.scalar(select(func.count()).select_from(table).where(table.c.status == "open")) or 0
