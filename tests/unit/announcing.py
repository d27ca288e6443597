"""Versions of one incident told to the alert policy as the runtimes do it, for tests."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from processors.alerting import AlertPolicy, decide, overdue
from processors.model import Alert, EventType, Incident, Tally
from processors.resolve.state import IncidentState
from tests.unit.resolving import at, day, place

POLICY = AlertPolicy()
END = datetime.max.replace(tzinfo=UTC)
Told = tuple[float, Mapping[str, object]]  # hours after the start, and what is then other than in `incident()`


def incident(**changed: object) -> Incident:
    made = Incident(
        incident_id="i", version=1, status="open", event_type=EventType.BOMBING, title="Bombing, Mardan, PK", when=day(),
        places=(place("Mardan"),), killed=count(1), severity="moderate", grade="F3", independent_sources=1,
        items=("alpha/1@0",),
    )  # fmt: skip
    return msgspec.structs.replace(made, **changed)


def count(number: int) -> Tally:
    return Tally(min=number, max=number, best=number)


def announced(**changed: object) -> IncidentState:
    """An incident that was announced as it is."""
    made = incident(**changed)
    return IncidentState(incident=made, announced=made)


class Desk:
    """A reader's desk: give it versions and the clock, and it has the alerts."""

    def __init__(self, state: IncidentState | None = None, policy: AlertPolicy = POLICY) -> None:
        self.state, self.policy, self.alerts = state, policy, list[Alert]()

    def tick(self, now: datetime) -> None:
        """The clock reaches a time: what is due by then goes out."""
        if self.state and self.state.due_at and self.state.due_at <= now:
            self.state, sent = overdue(self.state, self.policy)
            self.alerts += sent

    def take(self, hours: float, **changed: object) -> list[Alert]:
        """A new version, and the alerts that went out with it or before it."""
        known = len(self.alerts)
        self.tick(at(hours))
        version = self.state.incident.version + 1 if self.state else 1
        self.state, sent = decide(incident(version=version, **changed), self.state, at(hours), self.policy)
        self.alerts += sent
        return self.alerts[known:]


def run(told: Iterable[Told], ticks: Sequence[float] = ()) -> Desk:
    """An announced incident, its later versions in the order of time, the clock looked at in between, and the end."""
    desk, waiting = Desk(announced()), sorted(ticks)
    for hours, changed in told:
        while waiting and waiting[0] <= hours:
            desk.tick(at(waiting.pop(0)))
        desk.take(hours, **changed)
    desk.tick(END)
    return desk
