"""What the event stream and the feed ask of the outbox: alerts by their place, in the order in which they were made."""

from sqlalchemy import Connection, func, select

from processors.model import Alert
from streams.store import rows, tables
from streams.web.detail import NO_ID

Placed = list[tuple[int, Alert]]


def newest_place(connection: Connection) -> int:
    """The place of the newest alert; 0 where there is none."""
    return connection.scalar(select(func.max(tables.outbox.c.seq))) or 0


def place_of(connection: Connection, alert_id: str) -> int | None:
    """The place of an alert; None where it is not, or no longer, there."""
    table = tables.outbox
    return (
        None if NO_ID.search(alert_id) else connection.scalar(select(table.c.seq).where(table.c.alert_id == alert_id))
    )


def behind(connection: Connection, place: int, most: int) -> Placed:
    """The alerts that follow a place, oldest first."""
    table = tables.outbox
    query = select(table.c.seq, table.c.body).where(table.c.seq > place).order_by(table.c.seq).limit(most)
    return [(row.seq, rows.alert_of(row.body)) for row in connection.execute(query)]


def newest(connection: Connection, most: int) -> list[Alert]:
    """The newest alerts, newest first."""
    table = tables.outbox
    query = select(table.c.body).order_by(table.c.seq.desc()).limit(most)
    return [rows.alert_of(row.body) for row in connection.execute(query)]


def newest_id(connection: Connection) -> str | None:
    """The id of the newest alert, as `Last-Event-ID` takes it."""
    table = tables.outbox
    return connection.scalar(select(table.c.alert_id).order_by(table.c.seq.desc()).limit(1))
