"""How long the store keeps what is done with: alerts that went out, incidents of long ago, dead letters."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, delete, func, select

from streams.store import tables
from streams.store.database import writing
from streams.store.store import Store

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """Time spans: alerts and incidents by the items' clock, dead letters by the wall's."""

    alerts: timedelta
    incidents: timedelta
    dead_letters: timedelta

    def at_least(self, horizon: timedelta) -> "Retention":
        """None shorter than the working set's horizon: what may still change is not deleted."""
        return Retention(
            alerts=max(self.alerts, horizon), incidents=max(self.incidents, horizon), dead_letters=self.dead_letters
        )


class Expired(NamedTuple):
    """How many of each were deleted."""

    alerts: int
    incidents: int
    dead_letters: int


def expire(store: Store, keep: Retention, clock: datetime, now: datetime, sinks: Sequence[str]) -> Expired:
    """Deletes what is older, in one transaction. `clock` is the items', `now` the wall's.

    An alert goes only after every one of `sinks` was given it, an incident, with all its versions, only if no alert of
    it is held back.
    """
    given = min((store.given(name) for name in sinks), default=None)
    with writing(store.engine) as connection:
        return Expired(
            _alerts(connection, _back(clock, keep.alerts), given),
            _incidents(connection, _back(clock, keep.incidents)),
            _dead_letters(connection, _back(now, keep.dead_letters)),
        )


def _back(time: datetime, span: timedelta) -> datetime:
    """So long before a time, but not before 1970: nothing is older, and a calendar ends somewhere."""
    return EPOCH + max(time - EPOCH - span, timedelta(0))


def _alerts(connection: Connection, before: datetime, given: int | None) -> int:
    table = tables.outbox
    # the newest row stays: SQLite would give its number again, below the place that the sinks have reached
    last = connection.scalar(select(func.max(table.c.seq))) or 0
    most = last - 1 if given is None else min(given, last - 1)
    return connection.execute(delete(table).where(table.c.sent_at < before, table.c.seq <= most)).rowcount


def _incidents(connection: Connection, before: datetime) -> int:
    table, versions = tables.incidents, tables.incident_versions
    last = select(func.max(versions.c.seq)).scalar_subquery()
    newest = connection.scalar(select(versions.c.incident_id).where(versions.c.seq == last))  # as with alerts
    old = (table.c.updated_at < before) & table.c.due_at.is_(None) & (table.c.incident_id != (newest or ""))
    connection.execute(delete(versions).where(versions.c.incident_id.in_(select(table.c.incident_id).where(old))))
    return connection.execute(delete(table).where(old)).rowcount


def _dead_letters(connection: Connection, before: datetime) -> int:
    table = tables.dead_letters
    return connection.execute(delete(table).where(table.c.put_at < before)).rowcount
