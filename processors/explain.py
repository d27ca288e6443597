"""Why an incident is as it is, in words: every value with its source, why its items are together, what each version
changed.
"""

from collections.abc import Iterator, Sequence

from processors.changes import change
from processors.model import Claim, Incident, Span, Weapon, When
from processors.resolve.cluster import opens
from processors.resolve.independence import origins
from processors.resolve.pairs import Evidence, evidence, score
from processors.resolve.state import Entry, StateView
from processors.resolve.told import Telling, in_order, standing
from processors.resolve.tolls import SLOTS, Slot, alive_figures, figures, party_words

STRONGEST = 6  # pieces of evidence shown of a pair


def explain(incident_id: str, view: StateView, history: Sequence[Incident] = ()) -> str:
    """All that is known of why; `history` are the incident's published versions, oldest first. Raises KeyError:
    unknown id.
    """
    state = view.incident(incident_id)
    if state is None:
        raise KeyError(incident_id)
    tellings = tellings_of(incident_id, view)
    incident = state.incident
    parts = [_head(incident), _values(incident, tellings), _claims(incident), _together(tellings), _origins(tellings)]
    return "\n\n".join(p for p in (*parts, _versions(history)) if p)


def explain_pair(one: str, other: str, view: StateView) -> str:
    """Why two items (source_id/external_id) are or are not together: every mention of one against every one of the
    other.
    """
    lines = []
    for a in view.entries_of_item(one):
        for b in view.entries_of_item(other):
            together = a.incident_id is not None and a.incident_id == b.incident_id
            verdict = f"together in {a.incident_id}" if together else "not together"
            lines += [
                f"{a.entry_id} and {b.entry_id}: {verdict}; score {score(a.signs, b.signs):+.2f}",
                *_reasons(a, b),
            ]
    return "\n".join(lines) or f"{one} and {other}: at least one of them tells no incident that is kept"


def tellings_of(incident_id: str, view: StateView) -> list[Telling]:
    """What the kept entries tell of an incident, as told."""
    entries = view.entries_of_incident(incident_id)
    records = {s.item_key: s.record for s in view.items({e.item_key for e in entries})}
    return in_order(Telling.of(e, records[e.item_key]) for e in entries if e.item_key in records)


def _head(incident: Incident) -> str:
    into = f" into {incident.merged_into}" if incident.merged_into else ""
    sources = f"{incident.independent_sources} independent sources"
    return (
        f"{incident.title}\n{incident.incident_id}, version {incident.version}, {incident.status}{into}\n"
        f"severity {incident.severity}, grade {incident.grade}, confidence {incident.confidence:.2f}, {sources}"
    )


def _values(incident: Incident, tellings: Sequence[Telling]) -> str:
    held = [t for t in standing(tellings) if t.actual]
    lines = ["Values"]
    lines += [f"  type {incident.event_type.value}", *_said(held, "event_type")]
    if incident.when:
        lines += [f"  when {incident.when.local_date or incident.when.start.isoformat()}", *_said(held, "when")]
    for place in incident.places:
        lines += [f"  {place.role} {place.name or place.text}", *_said(held, "places")]
    for slot in ("perpetrators", "targets", "weapons"):
        names = ", ".join(getattr(v, "name", None) or v.text or _kind(v) for v in getattr(incident, slot))
        lines += [f"  {slot} {names}", *_said(held, slot)] if names else []
    lines += [f"  outcome {incident.outcome}", *_said(held, "outcome")] if incident.outcome != "unknown" else []
    words = party_words([a.name or a.text for a in incident.perpetrators])
    for slot in SLOTS:
        lines += _toll(slot, incident, held, words)
    lines += [f"  {r.relation} {r.incident_id}: “{r.quote}”" for r in incident.related]
    return "\n".join(lines)


def _toll(slot: Slot, incident: Incident, held: Sequence[Telling], parties: frozenset[str]) -> Iterator[str]:
    tally = getattr(incident, slot)
    if tally is None:
        return
    yield f"  {slot} {tally.min} to {tally.max}, best {tally.best}"
    found = figures(slot, held, parties)
    alive = alive_figures(found)
    for figure in found:
        why = "counts" if figure in alive else "a boast" if figure.boast else "replaced"
        number = f"{figure.low}{'+' if figure.high is None else ''}"
        yield f"    {number} by {figure.line} in {figure.item}, {figure.at:%d %b %H:%M}: {why}"


def _said(held: Sequence[Telling], slot: str) -> Iterator[str]:
    """Which item says it in which words, one line an item."""
    for telling in held:
        value = getattr(telling.entry.mention, slot)
        if value in (None, (), "unknown"):
            continue
        yield f"    {telling.record.item} ({telling.record.source_id}): {_words(telling, slot, value)}"


def _words(telling: Telling, slot: str, value: object) -> str:
    if slot == "event_type":
        trigger: Span = telling.entry.mention.trigger
        return f"{telling.entry.mention.event_type.value}, “{trigger.text}”"
    values = value if isinstance(value, tuple) else (value,)
    return ", ".join(map(_word, values))


def _word(value: object) -> str:
    """The words a value was read from; where it stands for none, such as a weapon known by the deed alone, its kind."""
    text = getattr(value, "text", None)
    return f"“{text}”" if text else _kind(value)


def _kind(value: object) -> str:
    match value:
        case Weapon():
            return value.type
        case When():
            return value.local_date or value.start.isoformat()
        case _:
            return str(getattr(value, "kind", value))


def _claims(incident: Incident) -> str:
    lines = [_claim(c) for c in incident.claims]
    disputed = [f"Contested: {', '.join(incident.contested)}"] if incident.contested else []
    return "\n".join(["Claims", *lines, *disputed]) if lines else ""


def _claim(claim: Claim) -> str:
    who = f"{claim.by}{' (unnamed)' if claim.anonymous else ''}"
    return f"  {claim.slot}: {who} {claim.stance} {claim.value!r}: “{claim.quote}” [{claim.item}]"


def _together(tellings: Sequence[Telling]) -> str:
    """Each item with the other it fits best, and the evidence for that."""
    lines = ["Why these items are together"]
    entries = [t.entry for t in tellings]
    for entry in entries:
        others = [e for e in entries if e is not entry]
        best = max(others, key=lambda e: (score(entry.signs, e.signs), e.entry_id), default=None)
        note = "" if entry.stands else ", withdrawn"
        kind = "" if opens(entry) else f" ({entry.mention.modality.value})"
        if best is None:
            lines.append(f"  {entry.entry_id}{kind}{note}: the only one")
        else:
            lines += [f"  {entry.entry_id}{kind}{note}: fits {best.entry_id} by {score(entry.signs, best.signs):+.2f}"]
            lines += [f"  {reason}" for reason in _reasons(entry, best)]
    return "\n".join(lines)


def _reasons(a: Entry, b: Entry) -> list[str]:
    found: list[Evidence] = sorted(evidence(a.signs, b.signs), key=lambda e: -abs(e.weight))
    return [f"    {e.weight:+.2f} {e.kind.replace('_', ' ')}: {e.why}" for e in found[:STRONGEST]]


def _origins(tellings: Sequence[Telling]) -> str:
    lines = ["Independent origins"]
    for number, origin in enumerate(origins(standing(tellings)), 1):
        lines.append(f"  {number}. {', '.join(t.record.item for t in origin.tellings)}")
        lines += [f"     {why}" for why in origin.why]
    return "\n".join(lines)


def _versions(history: Sequence[Incident]) -> str:
    """What each published version changed."""
    lines = ["Versions"]
    for old, new in zip([None, *history], history, strict=False):
        at = f"{new.updated_at:%d %b %H:%M}" if new.updated_at else ""
        lines.append(f"  {new.version} {at}: {'; '.join(changes(old, new))}")
    return "\n".join(lines) if history else ""


def changes(old: Incident | None, new: Incident) -> list[str]:
    """What one published version changed in the one before, in words."""
    if old is None:
        return [f"opened by {', '.join(new.items)}"]
    came, went = sorted(set(new.items) - set(old.items)), sorted(set(old.items) - set(new.items))
    found = [*change(old, new)[1], *(f"+ {i}" for i in came), *(f"- {i}" for i in went)]
    return found or ["claims or assessment changed"]
