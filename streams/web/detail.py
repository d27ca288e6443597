"""One incident with all that stands behind it: its versions and what each changed, its items, the words for each value."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from http import HTTPStatus

import msgspec
from sqlalchemy import Connection, select

from processors.explain import changes, explain, tellings_of
from processors.model import Incident
from streams.store import Work, rows, tables
from streams.web.answers import (
    AlertBrief,
    Explanation,
    IncidentBrief,
    IncidentDetail,
    SourceItem,
    VersionBrief,
    brief,
    picked,
)
from streams.web.evidence import behind
from streams.web.problems import Problem, wrong

MOST_VERSIONS = 500  # the newest
NO_ID = re.compile(r"[^0-9A-Za-z-]|.{65}")


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One published version: what gave rise to it, and what it changed in the one before."""

    version: int
    updated_at: datetime
    item: str | None
    notes: tuple[str, ...]
    changed: tuple[str, ...]
    incident: Incident


def detail(connection: Connection, incident_id: str, as_of: datetime | None, version: int | None) -> IncidentDetail:
    """The incident as it is, as it was known at a time, or in one version. Raises Problem: there is none."""
    versions = _versions(connection, incident_id)
    shown = _shown(versions, incident_id, as_of, version)
    told = [each for each in versions if each.version <= shown.version]
    work = Work(connection)
    history = [each.incident for each in told]
    newest = shown.version == versions[-1].version and work.incident(incident_id) is not None
    why = Explanation(
        values=behind(shown, tellings_of(incident_id, work)),
        text=explain(incident_id, work, history) if newest else None,
    )
    return picked(
        IncidentDetail,
        shown,
        versions=tuple(picked(VersionBrief, each, incident=picked(IncidentBrief, each.incident)) for each in told),
        explanation=why,
        sources=tuple(_sources(work, shown.items)),
        alerts=tuple(_alerts(connection, incident_id, shown.version)),
    )


def _shown(versions: Sequence[Version], incident_id: str, as_of: datetime | None, version: int | None) -> Incident:
    if not versions:
        raise Problem(HTTPStatus.NOT_FOUND, f"no incident of id {incident_id[:64]}")
    if as_of is not None and version is not None:
        raise wrong("version", "is not given together with as_of")
    fitting = [each for each in versions if version in (None, each.version)]
    if version is not None and not fitting:
        raise Problem(HTTPStatus.NOT_FOUND, f"the incident has no version {version}", "version")
    known = [each for each in fitting if as_of is None or each.updated_at <= as_of]
    if not known:
        raise Problem(
            HTTPStatus.NOT_FOUND, f"the incident was not known yet; it was first at {_first(versions)}", "as_of"
        )
    return known[-1].incident


def _first(versions: Sequence[Version]) -> str:
    return versions[0].updated_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _versions(connection: Connection, incident_id: str) -> list[Version]:
    """Oldest first."""
    if NO_ID.search(incident_id):
        return []
    table = tables.incident_versions
    query = (
        select(table).where(table.c.incident_id == incident_id).order_by(table.c.version.desc()).limit(MOST_VERSIONS)
    )
    found: list[Version] = []
    for row in reversed(connection.execute(query).all()):
        incident = rows.incident_of(row.body)
        before = found[-1].incident if found else None
        cut = before is None and row.version > 1  # what came before is gone, or left out
        made = Version(
            version=row.version,
            updated_at=row.updated_at,
            item=row.item,
            notes=tuple(msgspec.json.decode(row.notes)),
            changed=() if cut else tuple(changes(before, incident)),
            incident=incident,
        )
        found.append(made)
    return found


def _sources(work: Work, refs: Sequence[str]) -> Iterator[SourceItem]:
    records = {state.item_key: state.record for state in work.items({ref.rpartition("@")[0] for ref in refs})}
    for ref in refs:
        source_id, _, rest = ref.partition("/")
        known = records.get(ref.rpartition("@")[0])
        yield picked(SourceItem, known, item=ref, source_id=source_id, external_id=rest.rpartition("@")[0])


def _alerts(connection: Connection, incident_id: str, version: int) -> Iterator[AlertBrief]:
    """What was sent of it, up to that version."""
    table = tables.outbox
    query = select(table.c.body).where(table.c.incident_id == incident_id).order_by(table.c.seq)
    sent = (rows.alert_of(row.body) for row in connection.execute(query))
    return (brief(alert) for alert in sent if alert.version <= version)
