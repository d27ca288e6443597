"""One incident with all that stands behind it: its versions and what each changed, its items, the words for each value."""

import re
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from processors.explain import changes, explain, tellings_of
from processors.model import Incident
from streams.store import Work, rows, tables
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


def detail(connection: Connection, incident_id: str, as_of: datetime | None, version: int | None) -> dict[str, Any]:
    """The incident as it is, as it was known at a time, or in one version. Raises Problem: there is none."""
    versions = _versions(connection, incident_id)
    shown = _shown(versions, incident_id, as_of, version)
    told = [each for each in versions if each.version <= shown.version]
    work = Work(connection)
    tellings = tellings_of(incident_id, work)
    history = [each.incident for each in told]
    newest = shown.version == versions[-1].version
    values: dict[str, Any] = msgspec.to_builtins(shown, builtin_types=(datetime,))
    return values | {
        "versions": [_brief(each) for each in told],
        "explanation": {
            "values": behind(shown, tellings),
            "text": explain(incident_id, work, history) if newest and work.incident(incident_id) else None,
        },
        "sources": _sources(work, shown.items),
        "alerts": _alerts(connection, incident_id, shown.version),
    }


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


def _brief(version: Version) -> dict[str, Any]:
    """A version without the long lists: `?version=` gives it whole."""
    made: dict[str, Any] = msgspec.to_builtins(version, builtin_types=(datetime,))
    short = ("status", "event_type", "title", "when", "places", "killed", "injured", "outcome", "severity", "grade")
    more = ("independent_sources", "confidence", "contested", "merged_into")
    return made | {"incident": {name: made["incident"][name] for name in (*short, *more)}}


def _sources(work: Work, refs: Sequence[str]) -> list[dict[str, Any]]:
    """Where each item is to be read, as far as the store still knows."""
    records = {state.item_key: state.record for state in work.items({ref.rpartition("@")[0] for ref in refs})}
    found = []
    for ref in refs:
        source_id, _, rest = ref.partition("/")
        record = records.get(ref.rpartition("@")[0])
        known = {name: getattr(record, name, None) for name in ("url", "title", "published_at", "channel", "lang")}
        found.append({"item": ref, "source_id": source_id, "external_id": rest.rpartition("@")[0], **known})
    return found


def _alerts(connection: Connection, incident_id: str, version: int) -> list[dict[str, Any]]:
    """What was sent of it, up to that version, without the incident each carried."""
    table = tables.outbox
    query = select(table.c.body).where(table.c.incident_id == incident_id).order_by(table.c.seq)
    sent = (rows.alert_of(row.body) for row in connection.execute(query))
    return [alert_summary(alert) for alert in sent if alert.version <= version]


def alert_summary(alert: Any) -> dict[str, Any]:
    """An alert without its incident."""
    names = ("alert_id", "version", "kind", "reason", "severity", "sent_at", "headline")
    return {name: getattr(alert, name) for name in names}
