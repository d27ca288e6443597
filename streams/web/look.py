"""What the list asks of the store: pages of incidents, newest change first, as they are or as they were."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, ColumnElement, Connection, Select, Table, and_, cast, func, or_, select, type_coerce

from processors.model import Alert, Incident
from streams.store import rows, tables
from streams.web import search
from streams.web.cursor import Cursor
from streams.web.parameters import Box, Filters

COLUMNS = ("status", "event_type", "severity", "country", "precision", "lat", "lon")
SCANNED = 2000  # incidents that one search looks through; then its page ends, and the next goes on


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents, and where the next page begins; None where there is no more."""

    incidents: tuple[Incident, ...]
    next: Cursor | None


def page(connection: Connection, wanted: Filters, after: Cursor | None, most: int) -> Page:
    """At most so many incidents that meet the filters. A search may end a page before it is full: `next` says."""
    seen = after.seen if after else _newest_version(connection)
    query, words = _query(connection, wanted, after), search.words_of(wanted.q)
    reach = SCANNED if words else most + 1
    found: list[Incident] = []
    last: Cursor | None = None
    looked = 0
    for row in connection.execution_options(yield_per=min(reach, 500)).execute(query.limit(reach)):
        if len(found) == most:
            return Page(incidents=tuple(found), next=last)
        looked, last = looked + 1, Cursor(seen, row.updated_at, row.incident_id)
        incident = rows.incident_of(row.body)
        if not words or search.found(incident, words):
            found.append(incident)
    more = bool(words) and looked == reach
    return Page(incidents=tuple(found), next=last if more else None)


def all_of(connection: Connection, wanted: Filters, most: int) -> Iterator[Incident]:
    """Page after page, up to so many in all and as far as one search looks."""
    after, left = None, most
    while left > 0:
        found = page(connection, wanted, after, min(left, SCANNED))
        yield from found.incidents
        left, after = left - len(found.incidents), found.next
        if after is None or wanted.q:
            return


def last_alerts(connection: Connection, incident_ids: Collection[str], as_of: datetime | None) -> dict[str, Alert]:
    """The last alert of each of these incidents that had one."""
    table = tables.outbox
    last = select(func.max(table.c.seq)).where(table.c.incident_id.in_(incident_ids)).group_by(table.c.incident_id)
    if as_of:
        last = last.where(table.c.sent_at <= as_of)
    found = connection.execute(select(table.c.body).where(table.c.seq.in_(last)))
    return {alert.incident_id: alert for alert in (rows.alert_of(row.body) for row in found)}


def newest_item(connection: Connection, now: datetime) -> datetime | None:
    """When the newest item that was taken in was published; dates that have not come yet count for nothing."""
    published = tables.items.c.published_at
    found: datetime | None = connection.scalar(select(func.max(published)).where(published <= now))
    return found


def _newest_version(connection: Connection) -> int:
    return connection.scalar(select(func.max(tables.incident_versions.c.seq))) or 0


def _query(connection: Connection, wanted: Filters, after: Cursor | None) -> Select[Any]:
    """The last versions by the table of incidents; those of before, and later pages, out of all versions."""
    now = tables.incidents
    if after is None and wanted.as_of is None:
        columns = {name: now.c[name] for name in COLUMNS}
        return _filtered(now, columns, now.c.happened_at, wanted, after)
    versions = tables.incident_versions
    body = _json(connection, versions)
    happened = body[("when", "start")].as_string()
    query = _filtered(versions, _columns(body), happened, wanted, after)
    return query.where(*_last(wanted.as_of, after))


def _json(connection: Connection, table: Table) -> Any:
    """The body as JSON: PostgreSQL has to be told, SQLite takes text."""
    return cast(table.c.body, JSON) if connection.dialect.name == "postgresql" else type_coerce(table.c.body, JSON)


def _columns(body: Any) -> dict[str, Any]:
    texts = {name: body[name].as_string() for name in ("status", "event_type", "severity")}
    place = {name: body[("places", 0, name)].as_float() for name in ("lat", "lon")}
    place |= {name: body[("places", 0, name)].as_string() for name in ("country", "precision")}
    return texts | place


def _last(as_of: datetime | None, after: Cursor | None) -> Iterator[ColumnElement[bool]]:
    """A version that none followed in what is to be seen."""
    table = tables.incident_versions
    later = table.alias("later")
    follows = [later.c.incident_id == table.c.incident_id, later.c.version > table.c.version]
    if as_of:
        yield table.c.updated_at <= as_of
        follows.append(later.c.updated_at <= as_of)
    if after:
        yield table.c.seq <= after.seen
        follows.append(later.c.seq <= after.seen)
    yield ~select(later.c.seq).where(*follows).exists()


def _filtered(
    table: Table, columns: dict[str, Any], happened: Any, wanted: Filters, after: Cursor | None
) -> Select[Any]:
    query = select(table.c.incident_id, table.c.updated_at, table.c.body).where(table.c.updated_at.is_not(None))
    for name in ("status", "event_type", "severity", "country"):
        if values := getattr(wanted, name):
            query = query.where(columns[name].in_(sorted(values)))
    query = query.where(*_within(table.c.updated_at, wanted.since, wanted.until))
    textual = happened.type.python_type is str  # as msgspec writes times: to the second they sort as text
    since, until = (_text(each) if textual else each for each in (wanted.happened_since, wanted.happened_until))
    query = query.where(*_within(happened, since, until))
    if wanted.bbox:
        query = query.where(columns["precision"] != "country", _in_box(wanted.bbox, columns["lat"], columns["lon"]))
    if after:
        same, follows = table.c.updated_at <= after.at, table.c.incident_id < after.incident_id
        query = query.where(same, or_(table.c.updated_at < after.at, follows))
    return query.order_by(table.c.updated_at.desc(), table.c.incident_id.desc())


def _within(column: Any, since: Any, until: Any) -> Iterator[ColumnElement[bool]]:
    if since is not None:
        yield column >= since
    if until is not None:
        yield column < until


def _text(time: datetime | None) -> str | None:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def _in_box(box: Box, lat: Any, lon: Any) -> ColumnElement[bool]:
    across = box.west > box.east
    between = or_(lon >= box.west, lon <= box.east) if across else lon.between(box.west, box.east)
    return and_(lat.between(box.south, box.north), between)
