"""The resolve stage: one item revision in, all that it changes out. Incidents are a function of the set of mentions
that stand.

Each input replaces its item's entries; whatever they are connected to is clustered again; clusters are matched to the
incidents their entries were in; values are fused anew where members changed; a version is added where the published
content changed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from processors.alerting import AlertPolicy, decide, overdue
from processors.model import Incident, ItemMentions
from processors.resolve.build import build
from processors.resolve.cluster import clusters, opens, order, scorer, settled
from processors.resolve.identity import Assignment, assign
from processors.resolve.intake import Intake, take_in
from processors.resolve.neighbourhood import neighbourhood
from processors.resolve.pairs import Similarity
from processors.resolve.state import Changes, Entry, IncidentState, StateView
from processors.resolve.told import Telling

MOST_DUE = 100  # waiting alerts sent at once


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How resolving decides. `bar`: mean pair score from which groups are one incident; `margin`: by how much it must be
    missed to split a published incident, or passed to merge two; `similarity`: a further weight for pairs, such as one
    from embeddings."""

    bar: float = 0.0
    margin: float = 0.5
    alerts: AlertPolicy = AlertPolicy()
    similarity: Any = None  # Similarity | None; a callable is no data to msgspec


def resolve(told: ItemMentions, view: StateView, now: datetime, policy: Policy) -> Changes:
    """All that one item revision changes, given what is known. Pure: the view is only read.

    Raises RevisionConflict: the revision was taken in before, with another text."""
    intake = take_in(told, view, now)
    if intake.idle:
        return Changes(verdict=intake.verdict, item=intake.item, notes=intake.notes)
    return _Round(intake, view, now, policy).changes()


def flush_due(view: StateView, now: datetime, policy: Policy) -> Changes:
    """First alerts that were held back and whose time has come, each stamped with the time it was due."""
    states, alerts = [], []
    for waiting in sorted(view.due(now, MOST_DUE), key=lambda s: (s.due_at or now, s.incident.incident_id)):
        state, sent = overdue(waiting, policy.alerts)
        states.append(state)
        alerts += sent
    return Changes(verdict="applied", incidents=tuple(states), alerts=tuple(alerts))


class _Round:
    """One reclustering of what an intake touches."""

    def __init__(self, intake: Intake, view: StateView, now: datetime, policy: Policy) -> None:
        self.intake, self.view, self.now, self.policy = intake, view, now, policy
        similarity: Similarity | None = policy.similarity
        self.pair = scorer(similarity)
        self.replaced = frozenset(e.entry_id for e in intake.replaced)
        self.entries = neighbourhood(self._seeds(), self.replaced, view, self.pair, policy.bar)
        self.before = self._incidents_before()
        self.rest = self._rest()
        self.groups = clusters(self.entries, settled(self.pair, policy.margin), policy.bar)
        self.assignment = self._assign()
        self.home = {e.entry_id: i for g, i in zip(self.groups, self.assignment.ids, strict=True) for e in g}

    def _seeds(self) -> list[Entry]:
        """The new entries, and the rest of the incidents that lost one."""
        own = {e.entry_id: e for e in self.intake.entries}
        for incident_id in sorted({e.incident_id for e in self.intake.replaced if e.incident_id}):
            for entry in self.view.entries_of_incident(incident_id):
                if entry.entry_id not in self.replaced:
                    own.setdefault(entry.entry_id, entry)
        return list(own.values())

    def _incidents_before(self) -> dict[str, IncidentState]:
        ids = {e.incident_id for e in [*self.entries, *self.intake.replaced] if e.incident_id}
        found = ((i, self.view.incident(i)) for i in sorted(ids))
        return {i: s for i, s in found if s is not None}

    def _rest(self) -> dict[str, list[Entry]]:
        """Entries of the incidents concerned that are beyond the neighbourhood: they stay with their incident."""
        here = self.replaced | {e.entry_id for e in self.entries}
        members = {i: self.view.entries_of_incident(i) for i in self.before}
        return {i: [e for e in found if e.entry_id not in here] for i, found in members.items()}

    def _assign(self) -> Assignment:
        known = {i: s.incident.first_reported_at or self.now for i, s in self.before.items()}
        return assign(self.groups, known, self._living)

    def _living(self, incident_id: str) -> bool:
        state = self.view.incident(incident_id)
        return state is not None and bool(self.view.entries_of_incident(incident_id))

    def changes(self) -> Changes:
        """The round's outcome: entries to file, new versions, alerts."""
        states, alerts, notes = [], [], list(self.intake.notes)
        for incident, why in [*self._rebuilt(), *self._merged(), *self._emptied()]:
            before = self.before.get(incident.incident_id) or self.view.incident(incident.incident_id)
            state, sent = decide(incident, before, self.now, self.policy.alerts)
            states.append(state)
            alerts += sent
            notes += why
        put = tuple(self._filed())
        return Changes(
            verdict=self.intake.verdict,
            item=self.intake.item,
            put=put,
            drop=tuple(sorted(self.replaced - {e.entry_id for e in put})),
            incidents=tuple(states),
            alerts=tuple(alerts),
            notes=tuple(notes),
        )

    def _filed(self) -> Iterable[Entry]:
        """Entries that are new or whose incident changed."""
        new = {e.entry_id for e in self.intake.entries}
        for entry in self.entries:
            home = self.home[entry.entry_id]
            if entry.entry_id in new or home != entry.incident_id:
                yield msgspec.structs.replace(entry, incident_id=home)
        for old in [*self.assignment.merged, *self.assignment.empty]:
            home = self.assignment.merged.get(old) or (old if self._lives_on(old) else None)
            yield from (msgspec.structs.replace(e, incident_id=home) for e in self.rest[old] if home != old)

    def _lives_on(self, incident_id: str) -> bool:
        """What is beyond the neighbourhood is enough to hold the incident."""
        return any(opens(e) for e in self.rest[incident_id])

    def _members(self, incident_id: str, group: Sequence[Entry]) -> list[Entry]:
        """The cluster and what else of the incident, or of those merged into it, is beyond the neighbourhood."""
        taken_in = [i for i, into in self.assignment.merged.items() if into == incident_id]
        return [*group, *(e for i in [incident_id, *taken_in] for e in self.rest.get(i, ()))]

    def _rebuilt(self) -> Iterable[tuple[Incident, list[str]]]:
        """Incidents whose members changed, fused again; only those whose published content changed."""
        touched = {e.entry_id for e in self.intake.entries} | self.replaced
        for group, incident_id in zip(self.groups, self.assignment.ids, strict=True):
            if incident_id is None:
                continue
            same = all(e.incident_id == incident_id and e.entry_id not in touched for e in group)
            if same and not self._lost(incident_id, group):
                continue
            before = self.before.get(incident_id) or self.view.incident(incident_id)
            made = build(incident_id, self._tellings(self._members(incident_id, group)), self._incident_of)
            if (fresh := _next_version(before.incident if before else None, made, self.now)) is not None:
                yield fresh, self._why(incident_id, group)

    def _lost(self, incident_id: str, group: Sequence[Entry]) -> bool:
        """Some entry left the incident."""
        names = {e.entry_id for e in group}
        left = [*self.entries, *self.intake.replaced]
        return any(e.incident_id == incident_id and e.entry_id not in names for e in left)

    def _tellings(self, group: Sequence[Entry]) -> list[Telling]:
        records = {s.item_key: s.record for s in self.view.items({e.item_key for e in group})}
        if self.intake.item is not None:
            records[self.intake.item.item_key] = self.intake.item.record
        return [Telling.of(e, records[e.item_key]) for e in sorted(group, key=order) if e.item_key in records]

    def _incident_of(self, item_key: str, entry_id: str) -> str | None:
        if entry_id in self.home:
            return self.home[entry_id]
        return next((e.incident_id for e in self.view.entries_of_item(item_key) if e.entry_id == entry_id), None)

    def _merged(self) -> Iterable[tuple[Incident, list[str]]]:
        for old, into in sorted(self.assignment.merged.items()):
            yield self._ended(old, status="merged", merged_into=into), [f"{old} merged into {into}"]

    def _emptied(self) -> Iterable[tuple[Incident, list[str]]]:
        """Incidents that no cluster carries on: held by what is beyond the neighbourhood, or told by no item any more."""
        for old in self.assignment.empty:
            last = self.before[old].incident
            if self._lives_on(old):
                made = build(old, self._tellings(self.rest[old]), self._incident_of)
                if (fresh := _next_version(last, made, self.now)) is not None:
                    yield fresh, [f"{old}: entries left"]
            elif last.status == "open":
                yield (
                    self._ended(old, status="retracted", killed=None, injured=None, attackers_killed=None),
                    [f"{old} retracted: no item tells it any more"],
                )

    def _ended(self, incident_id: str, **how: Any) -> Incident:
        last = self.before[incident_id].incident
        return msgspec.structs.replace(last, version=last.version + 1, updated_at=self.now, **how)

    def _why(self, incident_id: str, group: Sequence[Entry]) -> list[str]:
        """What joined and what left, in words."""
        left = sorted(
            e.entry_id for e in self.entries if e.incident_id == incident_id and self.home[e.entry_id] != incident_id
        )
        joined = sorted(e.entry_id for e in group if e.incident_id != incident_id)
        notes = [f"{incident_id}: joined by {', '.join(joined)}"] if joined else []
        return notes + ([f"{incident_id}: split, {', '.join(left)} left"] if left else [])


def _next_version(before: Incident | None, made: Incident, now: datetime) -> Incident | None:
    """The next version, changed now; None where nothing that is published changed."""
    if before is None:
        return msgspec.structs.replace(made, version=1, updated_at=now)
    same = msgspec.structs.replace(made, version=before.version, updated_at=before.updated_at)
    return None if same == before else msgspec.structs.replace(made, version=before.version + 1, updated_at=now)
