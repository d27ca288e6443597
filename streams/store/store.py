"""The store as the runtimes hold it: transactions, the outbox, how old entries leave the working set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

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
        table = tables.outbox
        with self.looking() as work:
            after = int(work.position(f"sink:{sink}") or 0)
        with reading(self.engine) as connection:
            found = connection.execute(select(table).where(table.c.seq > after).order_by(table.c.seq).limit(most))
            return [(row.seq, rows.alert_of(row.body)) for row in found]

    def delivered(self, sink: str, seq: int) -> None:
        """Marks all up to `seq` as given to the sink; called after it took them."""
        with self.writing() as work:
            work.move(f"sink:{sink}", str(seq))

    def forget(self, now: datetime, horizon: timedelta) -> int:
        """Drops entries published before the horizon; incidents, versions and items seen stay. Returns how many."""
        old = select(tables.entries.c.entry_id).where(tables.entries.c.published_at < now - horizon)
        with writing(self.engine) as connection:
            connection.execute(delete(tables.entry_keys).where(tables.entry_keys.c.entry_id.in_(old)))
            return connection.execute(delete(tables.entries).where(tables.entries.c.entry_id.in_(old))).rowcount

    def count_open(self) -> int:
        """Incidents of status `open`."""
        table = tables.incidents
        with reading(self.engine) as connection:
            return connection.scalar(select(func.count()).select_from(table).where(table.c.status == "open")) or 0
