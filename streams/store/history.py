"""Reading the store: incidents as they are or were, their versions and why each came about."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from sqlalchemy import Engine, func, select

from processors.model import Alert, Incident
from streams.store import rows, tables
from streams.store.database import reading


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an incident. `item` gave rise to it, `notes` say why in words."""

    incident: Incident
    updated_at: datetime
    item: str | None
    notes: tuple[str, ...]


def incidents(engine: Engine) -> Iterator[Incident]:
    """Every incident's last version, sorted by id."""
    table = tables.incidents
    with reading(engine) as connection:
        query = select(table.c.body).order_by(table.c.incident_id)
        for row in connection.execution_options(yield_per=500).execute(query):
            yield rows.incident_of(row.body)


def incidents_at(engine: Engine, time: datetime) -> Iterator[Incident]:
    """Every incident as it was known at a time of the items' clock."""
    table = tables.incident_versions
    last = (
        select(table.c.incident_id, func.max(table.c.version).label("version"))
        .where(table.c.updated_at <= time)
        .group_by(table.c.incident_id)
        .subquery()
    )
    query = select(table.c.body).join(
        last, (table.c.incident_id == last.c.incident_id) & (table.c.version == last.c.version)
    )
    with reading(engine) as connection:
        for row in connection.execution_options(yield_per=500).execute(query.order_by(table.c.incident_id)):
            yield rows.incident_of(row.body)


def versions(engine: Engine, incident_id: str) -> list[Version]:
    """All versions of an incident, oldest first; empty if there is none of that id."""
    table = tables.incident_versions
    with reading(engine) as connection:
        found = connection.execute(select(table).where(table.c.incident_id == incident_id).order_by(table.c.version))
        return [
            Version(
                incident=rows.incident_of(row.body),
                updated_at=row.updated_at,
                item=row.item,
                notes=tuple(msgspec.json.decode(row.notes)),
            )
            for row in found
        ]


def alerts(engine: Engine, up_to: int | None = None) -> Iterator[Alert]:
    """Every alert that is kept, in the order in which they were made; only to that place in the outbox, if given."""
    table = tables.outbox
    query = select(table.c.body).order_by(table.c.seq)
    with reading(engine) as connection:
        rest = connection.execution_options(yield_per=500)
        for row in rest.execute(query if up_to is None else query.where(table.c.seq <= up_to)):
            yield rows.alert_of(row.body)
