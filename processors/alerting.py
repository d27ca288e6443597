"""Which change of an incident is worth an alert, of which kind, in which words.

An incident opens at once; its first alert waits until it stands firm enough for its severity, or its wait is over.
Later alerts go out at once, on material change only, against what was last announced.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from processors.assess import SEVERITIES, at_least
from processors.model import Alert, AlertKind, EventType, Incident, Place, Severity, Tally
from processors.resolve.pairs import apart_km
from processors.resolve.signs import spot_of
from processors.resolve.state import IncidentState

NAMESPACE = UUID("b0c1f7a4-2f39-5a8e-8d0b-3c2d5e6f7a80")
MOVED_KM = 40.0
FIRM_LETTERS = "AB"
WAIT: dict[Severity, timedelta] = {
    "minor": timedelta(minutes=30),
    "moderate": timedelta(minutes=10),
    "severe": timedelta(),
    "extreme": timedelta(),
}


class AlertPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """When somebody is told. `wait`: how long a first report of a severity is held back while it does not stand
    firm.
    """

    least_severity: Severity = "minor"
    worst_credibility: int = 6  # Admiralty digit; what is worse is not announced
    firm_credibility: int = 2  # up to this digit a first alert goes out at once
    wait: dict[Severity, timedelta] = msgspec.field(default_factory=lambda: dict(WAIT))


def decide(
    incident: Incident, before: IncidentState | None, now: datetime, policy: AlertPolicy
) -> tuple[IncidentState, list[Alert]]:
    """The incident's new alert state and what is to be sent."""
    announced = before.announced if before else None
    if announced is None:
        return _first(incident, before, now, policy)
    kind, reasons = change(announced, incident)
    if kind is None:
        return IncidentState(incident=incident, announced=announced), []
    return IncidentState(incident=incident, announced=incident), [_alert(incident, kind, reasons, now)]


def _first(
    incident: Incident, before: IncidentState | None, now: datetime, policy: AlertPolicy
) -> tuple[IncidentState, list[Alert]]:
    if incident.status != "open" or not wanted(incident, policy):
        return IncidentState(incident=incident), []
    since = (before.waiting_since if before else None) or now
    due = since + policy.wait[incident.severity]
    if now < due and not firm(incident, policy):
        return IncidentState(incident=incident, waiting_since=since, due_at=due), []
    return IncidentState(incident=incident, announced=incident), [_alert(incident, "new", (), now)]


def overdue(state: IncidentState, policy: AlertPolicy) -> tuple[IncidentState, list[Alert]]:
    """A waiting incident whose time has come: its first alert, stamped with the time it was due."""
    sent = state.due_at
    if sent is None or state.incident.status != "open" or not wanted(state.incident, policy):
        return IncidentState(incident=state.incident, announced=state.announced), []
    return IncidentState(incident=state.incident, announced=state.incident), [_alert(state.incident, "new", (), sent)]


def wanted(incident: Incident, policy: AlertPolicy) -> bool:
    """Grave and credible enough for anyone."""
    return at_least(incident.severity, policy.least_severity) and int(incident.grade[1]) <= policy.worst_credibility


def firm(incident: Incident, policy: AlertPolicy) -> bool:
    """Confirmed, or told by a source of known reliability."""
    return int(incident.grade[1]) <= policy.firm_credibility or incident.grade[0] in FIRM_LETTERS


def change(old: Incident, new: Incident) -> tuple[AlertKind | None, tuple[str, ...]]:
    """The kind of alert that a change calls for, None for an immaterial one, and the reasons in words."""
    if new.status == "merged":
        return ("merge", (f"merged into {new.merged_into}",)) if old.status != "merged" else (None, ())
    if new.status == "retracted":
        return ("retraction", ("no source holds it up any more",)) if old.status == "open" else (None, ())
    reopened = ("open again",) if old.status != "open" else ()
    corrections, updates = _corrections(old, new), (*reopened, *_updates(old, new))
    if corrections:
        return "correction", corrections + updates
    return ("update", updates) if updates else (None, ())


def _corrections(old: Incident, new: Incident) -> tuple[str, ...]:
    """Values that turn out to have been wrong."""
    died = _died_of_wounds(old, new)
    fallen = [(slot, a, b) for slot, a, b in _figures(old, new) if a is not None and b is not None and b < a]
    reasons = [f"{slot} {a}→{b}" for slot, a, b in fallen if not (died and slot == "injured")]
    if old.event_type != new.event_type and old.event_type is not EventType.EXPLOSION:
        reasons.append(f"type {old.event_type.value}→{new.event_type.value}")
    if moved := _moved(old, new):
        reasons.append(moved)
    days = old.when and old.when.local_date, new.when and new.when.local_date
    if all(days) and days[0] != days[1]:
        reasons.append(f"date {days[0]}→{days[1]}")
    if old.outcome not in ("unknown", new.outcome):
        reasons.append(f"outcome {old.outcome}→{new.outcome}")
    return tuple(reasons)


def _died_of_wounds(old: Incident, new: Incident) -> int:
    """How many moved from the injured to the killed: those hurt are fewer by no more than the dead are more."""
    hurt, dead = ((_best(getattr(old, s)), _best(getattr(new, s))) for s in ("injured", "killed"))
    if hurt[0] is None or hurt[1] is None or dead[1] is None:
        return 0
    fewer, more = hurt[0] - hurt[1], dead[1] - (dead[0] or 0)
    return fewer if 0 < fewer <= more else 0


def _updates(old: Incident, new: Incident) -> tuple[str, ...]:
    """What is new and matters."""
    reasons = [
        f"{slot} {'?' if a is None else a}→{b}"
        for slot, a, b in _figures(old, new)
        if b is not None and (a is None or b > a)
    ]
    if died := _died_of_wounds(old, new):
        reasons.append(f"{died} of the injured died")
    if old.event_type != new.event_type and old.event_type is EventType.EXPLOSION:
        reasons.append(f"type {old.event_type.value}→{new.event_type.value}")
    if old.outcome == "unknown" != new.outcome:
        reasons.append(f"outcome {new.outcome}")
    if _target(old) is None and (place := _target(new)) is not None:
        reasons.append(f"place {place.name or place.text}")
    before = {(a.name or a.text).casefold() for a in old.perpetrators}
    reasons += [
        f"perpetrator {a.name or a.text}" for a in new.perpetrators if (a.name or a.text).casefold() not in before
    ]
    reasons += [f"{slot} contested" for slot in new.contested if slot not in old.contested]
    if SEVERITIES.index(new.severity) > SEVERITIES.index(old.severity):
        reasons.append(f"severity {old.severity}→{new.severity}")
    if int(new.grade[1]) <= 2 < int(old.grade[1]):
        reasons.append(f"grade {old.grade}→{new.grade}")
    return tuple(reasons)


def _figures(old: Incident, new: Incident) -> list[tuple[str, int | None, int | None]]:
    return [
        (slot, _best(getattr(old, slot)), _best(getattr(new, slot)))
        for slot in ("killed", "injured", "attackers_killed")
    ]


def _best(tally: Tally | None) -> int | None:
    return tally.best if tally else None


def _target(incident: Incident) -> Place | None:
    return next((p for p in incident.places if p.role == "target"), None)


def _moved(old: Incident, new: Incident) -> str | None:
    a, b = spot_of(old.places), spot_of(new.places)
    before, after = _target(old), _target(new)
    if a is None or b is None or before is None or after is None:
        return None
    if apart_km(a, b) <= max(MOVED_KM, a.radius):
        return None
    return f"place {before.name or before.text}→{after.name or after.text}"


def _alert(incident: Incident, kind: AlertKind, reasons: tuple[str, ...], now: datetime) -> Alert:
    return Alert(
        alert_id=str(uuid5(NAMESPACE, f"{incident.incident_id}/{incident.version}")),
        incident_id=incident.incident_id,
        version=incident.version,
        kind=kind,
        reason=reasons,
        severity=incident.severity,
        sent_at=now,
        headline=headline(incident, kind, reasons),
        incident=incident,
    )


def headline(incident: Incident, kind: AlertKind, reasons: tuple[str, ...]) -> str:
    """One line: kind, what and where, the toll, what changed, grade and number of sources."""
    toll = ", ".join(f"{n} {slot}" for slot in ("killed", "injured") if (n := _best(getattr(incident, slot))))
    outlets = f"{incident.independent_sources} source{'' if incident.independent_sources == 1 else 's'}"
    parts = [f"{kind.upper()}: {incident.title}", toll, "; ".join(reasons[:3]), f"{incident.grade}, {outlets}"]
    return " · ".join(p for p in parts if p)
