"""What the API answers with, beside the contract's own structs: `deploy/openapi.yaml` is made of these."""

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from processors.model import Alert, AlertKind, EventType, Incident, Outcome, Place, Severity, Status, Tally, When
from streams.web.evidence import Behind

T = TypeVar("T", bound=msgspec.Struct)


class AlertBrief(msgspec.Struct, frozen=True, kw_only=True):
    """An alert without the incident that it carried."""

    alert_id: str
    version: int
    kind: AlertKind
    reason: tuple[str, ...]
    severity: Severity
    sent_at: datetime
    headline: str


class ListedIncident(Incident, frozen=True, kw_only=True):
    """An incident of the list, with what was last sent of it."""

    last_alert: AlertBrief | None = None


class Incidents(msgspec.Struct, frozen=True, kw_only=True):
    """A page. `newest_alert` is the id to follow the stream behind; `newest_item_at` says how far the items reach."""

    incidents: tuple[ListedIncident, ...]
    newest_alert: str | None
    newest_item_at: datetime | None
    next_cursor: str | None
    next: str | None


class IncidentBrief(msgspec.Struct, frozen=True, kw_only=True):
    """An incident without its long lists; `?version=` gives it whole."""

    status: Status
    event_type: EventType
    title: str
    merged_into: str | None
    when: When | None
    places: tuple[Place, ...]
    killed: Tally | None
    injured: Tally | None
    outcome: Outcome
    severity: Severity
    grade: str
    independent_sources: int
    confidence: float
    contested: tuple[str, ...]


class VersionBrief(msgspec.Struct, frozen=True, kw_only=True):
    """One published version: the item that gave rise to it, and what it changed in the one before, in words."""

    version: int
    updated_at: datetime
    item: str | None
    notes: tuple[str, ...]
    changed: tuple[str, ...]
    incident: IncidentBrief


class SourceItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item of an incident, and where it is to be read as far as the store still knows."""

    item: str
    source_id: str
    external_id: str
    url: str | None = None
    title: str | None = None
    published_at: datetime | None = None
    channel: str | None = None
    lang: str | None = None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind each value, and all of why as text, of the last version only."""

    values: tuple[Behind, ...]
    text: str | None


class IncidentDetail(Incident, frozen=True, kw_only=True):
    """One incident with all that stands behind it."""

    versions: tuple[VersionBrief, ...] = ()
    explanation: Explanation
    sources: tuple[SourceItem, ...] = ()
    alerts: tuple[AlertBrief, ...] = ()


class Health(msgspec.Struct, frozen=True):
    status: str = "ok"


class ProblemAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457; `parameter` is the one of the query that cannot be used."""

    title: str
    status: int
    detail: str
    parameter: str | None = None


def picked(kind: type[T], source: Any, **more: Any) -> T:
    """A struct of the fields that `source` has too, and `more`."""
    names = [name for name in kind.__struct_fields__ if name not in more and hasattr(source, name)]
    return kind(**{name: getattr(source, name) for name in names}, **more)


def brief(alert: Alert) -> AlertBrief:
    return picked(AlertBrief, alert)
