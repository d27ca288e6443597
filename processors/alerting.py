"""When a reader is told of an incident: the whole policy, a pure function of incidents and the items' own time.

An incident opens and changes at once; what may wait is the alert.
first    goes out when the incident stands firm, or after `wait`; what was split off an announced one waits to be told anew
grave    goes out at once, with all else that differs from what was announced
news     waits for `gather`, so that several changes become one alert
reversal waits for `settle`; changed back by then it is never told
Which change is what is said in `changes.py`; always against what was last announced. All waits are by severity.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from processors.assess import SEVERITIES, at_least
from processors.changes import Change, best, changes, kind_of
from processors.model import Alert, AlertKind, Incident, Severity
from processors.resolve.state import IncidentState

NAMESPACE = UUID("b0c1f7a4-2f39-5a8e-8d0b-3c2d5e6f7a80")
FIRM_LETTERS = "AB"
NOTHING = timedelta()
Waits = dict[Severity, timedelta]


def by_severity(minor: timedelta, moderate: timedelta, severe: timedelta, extreme: timedelta) -> Waits:
    """A wait for each severity."""
    return dict(zip(SEVERITIES, (minor, moderate, severe, extreme), strict=True))


WAIT = by_severity(timedelta(minutes=30), timedelta(minutes=10), NOTHING, NOTHING)
GATHER = by_severity(timedelta(hours=2), timedelta(hours=1), timedelta(minutes=15), NOTHING)
SETTLE = by_severity(timedelta(hours=12), timedelta(hours=6), timedelta(hours=3), timedelta(hours=1))


class AlertPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """When somebody is told. `wait`: how long a first report is held back while it does not stand firm; `gather`: how
    long news of what was announced, so that several become one alert; `settle`: how long what takes it back.
    """

    least_severity: Severity = "minor"
    worst_credibility: int = 6  # Admiralty digit; what is worse is not announced
    firm_credibility: int = 2  # up to this digit a first alert goes out at once
    wait: Waits = msgspec.field(default_factory=lambda: dict(WAIT))
    gather: Waits = msgspec.field(default_factory=lambda: dict(GATHER))
    settle: Waits = msgspec.field(default_factory=lambda: dict(SETTLE))


def decide(
    incident: Incident, before: IncidentState | None, now: datetime, policy: AlertPolicy, told: bool = True
) -> tuple[IncidentState, list[Alert]]:
    """The incident's new alert state and what is to be sent now. `told`: something in it is new to readers, not only
    grouped anew.
    """
    if before is None or before.announced is None:
        return _first(incident, before, now, policy, told)
    announced = before.announced
    found = changes(announced, incident)
    if not found:
        return IncidentState(incident=incident, announced=announced), []
    since, due = _wait(found, incident, before, now, policy)
    if now < due:
        return IncidentState(incident=incident, announced=announced, waiting_since=since, due_at=due), []
    return _tell(incident, found, now)


def overdue(state: IncidentState, policy: AlertPolicy) -> tuple[IncidentState, list[Alert]]:
    """A waiting incident whose time has come: its alert, stamped with the time it was due."""
    incident, announced, due = state.incident, state.announced, state.due_at
    if due is not None and announced is None and incident.status == "open" and wanted(incident, policy):
        return _tell(incident, (), due)
    if due is not None and announced is not None and (found := changes(announced, incident)):
        return _tell(incident, found, due)
    return IncidentState(incident=incident, announced=announced), []


def wanted(incident: Incident, policy: AlertPolicy) -> bool:
    """Grave and credible enough for anyone."""
    return at_least(incident.severity, policy.least_severity) and int(incident.grade[1]) <= policy.worst_credibility


def firm(incident: Incident, policy: AlertPolicy) -> bool:
    """Confirmed, or told by a source of known reliability."""
    return int(incident.grade[1]) <= policy.firm_credibility or incident.grade[0] in FIRM_LETTERS


def _first(
    incident: Incident, before: IncidentState | None, now: datetime, policy: AlertPolicy, told: bool
) -> tuple[IncidentState, list[Alert]]:
    if incident.status != "open" or not wanted(incident, policy):
        return IncidentState(incident=incident), []
    split_off = before is None or (before.waiting_since is not None and before.due_at is None)
    if split_off and not told:
        return IncidentState(incident=incident, waiting_since=now), []
    since = before.waiting_since if before and before.waiting_since and before.due_at else now
    due = since + policy.wait[incident.severity]
    if now < due and not firm(incident, policy):
        return IncidentState(incident=incident, waiting_since=since, due_at=due), []
    return _tell(incident, (), now)


def _wait(
    found: Sequence[Change], incident: Incident, before: IncidentState, now: datetime, policy: AlertPolicy
) -> tuple[datetime, datetime]:
    """Since when the incident differs from what was announced, and when that is due: the first change that is due takes
    the others along. What was pending keeps its time; where some of it is gone, the rest has not waited on its account.
    """
    announced = before.announced or incident
    gravest = max(announced.severity, incident.severity, key=SEVERITIES.index)
    hold = {_key(c): _held(c, gravest, policy) for c in found}
    pending = {_key(c) for c in changes(announced, before.incident)} if before.due_at else set()
    since = before.waiting_since if before.waiting_since and pending & hold.keys() else now
    times = [now + hold[key] for key in hold.keys() - pending]
    if kept := [hold[key] for key in hold.keys() & pending]:
        as_before = before.due_at if before.due_at and pending <= hold.keys() else since
        times.append(max(as_before, since + min(kept)))
    return since, min(times)


def _key(change: Change) -> tuple[str, str]:
    return change.slot, change.weight


def _held(change: Change, severity: Severity, policy: AlertPolicy) -> timedelta:
    match change.weight:
        case "grave":
            return NOTHING
        case "news":
            return policy.gather[severity]
        case "reversal":
            return policy.settle[severity]


def _tell(incident: Incident, found: Sequence[Change], now: datetime) -> tuple[IncidentState, list[Alert]]:
    """The alert, and the state after it; a first one has no changes."""
    kind, reasons = kind_of(found) or "new", tuple(c.words for c in found)
    alert = Alert(
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
    return IncidentState(incident=incident, announced=incident), [alert]


def headline(incident: Incident, kind: AlertKind, reasons: tuple[str, ...]) -> str:
    """One line: kind, what and where, the toll, what changed, grade and number of sources."""
    toll = ", ".join(f"{n} {slot}" for slot in ("killed", "injured") if (n := best(getattr(incident, slot))))
    outlets = f"{incident.independent_sources} source{'' if incident.independent_sources == 1 else 's'}"
    parts = [f"{kind.upper()}: {incident.title}", toll, "; ".join(reasons[:3]), f"{incident.grade}, {outlets}"]
    return " · ".join(p for p in parts if p)
