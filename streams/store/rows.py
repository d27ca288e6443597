"""Structs ↔ rows."""

from typing import Any

import msgspec

from processors.model import Alert, Incident
from processors.resolve.state import Changes, Entry, IncidentState, ItemState


def text_of(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def entry_of(body: str) -> Entry:
    return msgspec.json.decode(body, type=Entry)


def item_of(body: str) -> ItemState:
    return msgspec.json.decode(body, type=ItemState)


def incident_of(body: str) -> Incident:
    return msgspec.json.decode(body, type=Incident)


def alert_of(body: str) -> Alert:
    return msgspec.json.decode(body, type=Alert)


def incident_state(row: Any) -> IncidentState:
    return IncidentState(
        incident=incident_of(row.body),
        announced=incident_of(row.announced) if row.announced else None,
        waiting_since=row.waiting_since,
        due_at=row.due_at,
    )


def item_row(state: ItemState) -> dict[str, Any]:
    record = state.record
    return {
        "item_key": state.item_key,
        "revision": state.revision,
        "source_id": record.source_id,
        "kind": record.kind,
        "published_at": record.published_at,
        "body": text_of(state),
    }


def entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "item_key": entry.item_key,
        "incident_id": entry.incident_id,
        "component": entry.component,
        "published_at": entry.published_at,
        "body": text_of(entry),
    }


def incident_row(state: IncidentState) -> dict[str, Any]:
    incident = state.incident
    place = next(iter(incident.places), None)
    return {
        "incident_id": incident.incident_id,
        "version": incident.version,
        "status": incident.status,
        "event_type": incident.event_type.value,
        "severity": incident.severity,
        "grade": incident.grade,
        "independent_sources": incident.independent_sources,
        "title": incident.title,
        "country": place.country if place else None,
        "admin1": place.admin1 if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "precision": place.precision if place else None,
        "killed": incident.killed.best if incident.killed else None,
        "injured": incident.injured.best if incident.injured else None,
        "happened_at": incident.when.start if incident.when else None,
        "first_reported_at": incident.first_reported_at,
        "updated_at": incident.updated_at,
        "waiting_since": state.waiting_since,
        "due_at": state.due_at,
        "body": text_of(incident),
        "announced": text_of(state.announced) if state.announced else None,
    }


def version_row(state: IncidentState, changes: Changes) -> dict[str, Any]:
    incident = state.incident
    return {
        "incident_id": incident.incident_id,
        "version": incident.version,
        "updated_at": incident.updated_at or incident.first_reported_at,
        "item": changes.item.record.item if changes.item else None,
        "notes": text_of(changes.notes),
        "body": text_of(incident),
    }


def outbox_row(alert: Alert) -> dict[str, Any]:
    return {
        "alert_id": alert.alert_id,
        "incident_id": alert.incident_id,
        "sent_at": alert.sent_at,
        "body": text_of(alert),
    }
