"""The resolve stage: one item revision in, all that it changes out. Incidents are a function of the set of mentions
that stand.

Each input replaces its item's entries; the components they are connected to are clustered again; clusters are matched to the
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
from processors.resolve.cluster import clusters, order, scorer
from processors.resolve.components import components
from processors.resolve.identity import Assignment, assign
from processors.resolve.intake import Intake, take_in
from processors.resolve.pairs import Similarity
from processors.resolve.state import Changes, Entry, IncidentState, StateView
from processors.resolve.told import Telling

MOST_DUE = 100  # waiting alerts sent at once


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """How resolving decides. `bar`: mean pair score from which groups are one incident; `similarity`: a further weight
    for pairs, such as one from embeddings."""

    bar: float = -1.0
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
        self.replaced = frozenset(e.entry_id for e in intake.replaced)
        found = components(intake.entries, intake.replaced, view, scorer(similarity), policy.bar)
        self.component = {e.entry_id: c.label for c in found for e in c.entries}
        self.entries = [e for c in found for e in c.entries]
        self.before = self._incidents_before()
        self.groups = [g for c in found for g in clusters(c.entries, c.links, policy.bar)]
        self.assignment = self._assign()
        self.home = {e.entry_id: i for g, i in zip(self.groups, self.assignment.ids, strict=True) for e in g}

    def _incidents_before(self) -> dict[str, IncidentState]:
        ids = {e.incident_id for e in [*self.entries, *self.intake.replaced] if e.incident_id}
        found = ((i, self.view.incident(i)) for i in sorted(ids))
        return {i: s for i, s in found if s is not None}

    def _assign(self) -> Assignment:
        known = {i: s.incident.first_reported_at or self.now for i, s in self.before.items()}
        return assign(self.groups, known, self._living)

    def _living(self, incident_id: str) -> bool:
        state = self.view.incident(incident_id)
        return state is not None and bool(self.view.entries_of_incident(incident_id))

    def changes(self) -> Changes:
        """The round's outcome: entries to file, new versions, alerts."""
        states, alerts, notes, told = [], [], list(self.intake.notes), self._told()
        for incident, why in [*self._rebuilt(), *self._merged(), *self._emptied()]:
            before = self.before.get(incident.incident_id) or self.view.incident(incident.incident_id)
            state, sent = decide(incident, before, self.now, self.policy.alerts, incident.incident_id in told)
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

    def _told(self) -> set[str | None]:
        """Incidents with something that readers were not told of as part of another: the input's own, or what comes from
        an incident that was never announced."""
        new = {e.entry_id for e in self.intake.entries}
        quiet = {i for i, state in self.before.items() if state.announced is None}
        homes = ((e, self.home[e.entry_id]) for e in self.entries)
        return {home for e, home in homes if e.entry_id in new or (e.incident_id in quiet and e.incident_id != home)}

    def _filed(self) -> Iterable[Entry]:
        """Entries that are new, or whose incident or component changed."""
        new = {e.entry_id for e in self.intake.entries}
        for entry in self.entries:
            home, component = self.home[entry.entry_id], self.component[entry.entry_id]
            if entry.entry_id in new or (home, component) != (entry.incident_id, entry.component):
                yield msgspec.structs.replace(entry, incident_id=home, component=component)

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
            made = build(incident_id, self._tellings(group), self._incident_of)
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
        """Incidents that no item tells any more."""
        for old in self.assignment.empty:
            if self.before[old].incident.status == "open":
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
