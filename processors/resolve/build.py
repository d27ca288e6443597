"""An incident from the entries of one cluster: fused values, assessment, title."""

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec.structs import replace

from processors import assess
from processors.crosswalk import codes
from processors.model import Incident, Status
from processors.resolve import fuse, whereabouts
from processors.resolve.independence import origins
from processors.resolve.relations import relations
from processors.resolve.titles import title
from processors.resolve.told import Telling, denying, in_order, standing
from processors.resolve.tolls import SLOTS, Slot, party_words, tally


def build(
    incident_id: str, all_tellings: Sequence[Telling], incident_of: Callable[[str, str], str | None], version: int = 0
) -> Incident:
    """The incident as its tellings have it; of a retracted one nobody is dead or hurt. `version` is set by the caller,
    once it is known whether anything changed.
    """
    ordered = in_order(all_tellings)
    held = standing(ordered)
    status: Status = "open" if any(t.actual for t in held) else "retracted"
    source = held if status == "open" else ordered
    actual = [t for t in source if t.actual]
    values = [t for t in actual if t.entry.satellite_of is None] or actual
    later = [t for t in source if t.entry.mention.follow_up]
    who = fuse.perpetrators(in_order([*_telling("perpetrators", values, actual), *later]))
    words = party_words([a.name or a.text for a in who])
    said = fuse.claims(held)
    kind, places, targets, outcome = (
        fuse.event_type(values),
        whereabouts.places(values),
        fuse.targets(values),
        fuse.outcome(values),
    )
    independent = origins(held)
    disputed = fuse.contested(said)
    firsthand = [o.tellings[0] for o in independent if any(t.actual for t in o.tellings)]
    confirmed = any(c.stance == "confirms" for c in said)
    letters = [t.record.reliability for t in firsthand]
    started, updated = fuse.first_and_last(ordered)
    facts = {slot: in_order([*_telling(slot, values, actual), *later]) if status == "open" else [] for slot in SLOTS}
    made = Incident(
        incident_id=incident_id,
        version=version,
        status=status,
        event_type=kind,
        title=title(kind, outcome, places, targets),
        when=fuse.when(values),
        places=places,
        perpetrators=who,
        targets=targets,
        weapons=fuse.weapons(values),
        outcome=outcome if status == "open" else "unknown",
        killed=tally("killed", facts["killed"], words),
        injured=tally("injured", facts["injured"], words),
        attackers_killed=tally("attackers_killed", facts["attackers_killed"], words),
        claims=said,
        contested=disputed,
        items=tuple(sorted({t.record.item for t in ordered})),
        independent_sources=len(independent),
        grade=assess.grade(letters, len(firsthand), "occurrence" in disputed, confirmed),
        confidence=assess.confidence(
            letters, [t.entry.mention.confidence for t in firsthand], any(denying(t) for t in held)
        ),
        related=relations(held, incident_id, incident_of),
        crosswalk=codes(kind),
        first_reported_at=started,
        updated_at=updated,
    )
    return _with_severity(made)


def _telling(
    slot: Slot | Literal["perpetrators"], values: Sequence[Telling], actual: Sequence[Telling]
) -> list[Telling]:
    """Those that a slot is read from: a satellite only where nothing else of its item tells it."""
    given = {t.entry.item for t in values if getattr(t.entry.mention, slot)}
    return [t for t in actual if t.entry.satellite_of is None or t.entry.item not in given or t in values]


def _with_severity(incident: Incident) -> Incident:
    return replace(incident, severity=assess.severity(incident))
