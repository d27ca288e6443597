"""What stands behind an incident's values: for each, which item says it, in which words, by whom."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from processors.model import Actor, Claim, Count, EventType, Incident, Mention, Place, Weapon, When
from processors.resolve.told import Telling, standing
from processors.resolve.tolls import SLOTS, Slot, alive_figures, count_of, figures, party_words

LISTED = ("places", "perpetrators", "targets", "weapons")
VALUES = ("event_type", "when", *LISTED, "outcome")
# what claims call a slot, where they call it otherwise
SLOT_OF = {"event_type": "occurrence", "perpetrators": "perpetrator", "targets": "target", "weapons": "weapon"}


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One item's word on one value. `by` is the speaker it names, None where it says so itself; `standing`, of a toll:
    whether the figure counts, was replaced by a later one, or is a party's boast.
    """

    item: str
    source_id: str
    at: datetime
    value: str
    words: str | None
    by: str | None = None
    stance: str | None = None
    standing: str | None = None


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind the value of one slot, in the order in which it was told."""

    slot: str
    said: tuple[Said, ...]


def behind(incident: Incident, tellings: Sequence[Telling]) -> tuple[Behind, ...]:
    """The evidence for each value that the incident has, from those of its tellings that still hold."""
    ours = frozenset(incident.items)
    held = [t for t in standing(tellings) if t.actual and t.record.item in ours]
    roles = {place.role for place in incident.places}
    found = [
        Behind(slot=slot, said=tuple(_said(slot, held, roles))) for slot in VALUES if _known(getattr(incident, slot))
    ]
    parties = party_words([actor.name or actor.text for actor in incident.perpetrators])
    tolls = [slot for slot in SLOTS if getattr(incident, slot) is not None]
    found += [Behind(slot=slot, said=tuple(_toll(slot, held, parties))) for slot in tolls]
    return tuple(each for each in found if each.said)


def _known(value: object) -> bool:
    return value not in (None, (), "unknown")


def _said(slot: str, held: Sequence[Telling], roles: Collection[str]) -> Iterator[Said]:
    """Of places only those in a role that the incident has a place in: what is merely mentioned says nothing of it."""
    for telling in held:
        mention = telling.entry.mention
        value = getattr(mention, slot)
        for each in value if isinstance(value, tuple) else (value,):
            if _known(each) and getattr(each, "role", None) in (None, *roles):
                words = mention.trigger.text if slot == "event_type" else getattr(each, "text", None)
                yield _by(telling, _speaker(mention, slot, words), _named(each), words)


def _toll(slot: Slot, held: Sequence[Telling], parties: frozenset[str]) -> Iterator[Said]:
    """Every figure by whoever gave it; the words are the claim's, or the mention's own."""
    alive = alive_figures(figures(slot, held, parties))
    for telling in held:
        mention = telling.entry.mention
        for figure in figures(slot, [telling], parties):
            claim = _claim_of(mention, slot, figure.low, figure.high)
            own: Count | None = getattr(mention, slot)
            is_own = own is not None and ((own.min or 0), own.max) == (figure.low, figure.high)
            words = own.text if own and is_own and own.text else claim.quote if claim else None
            why = "counts" if figure in alive else "boast" if figure.boast else "replaced"
            yield msgspec.structs.replace(_by(telling, claim, _range(figure.low, figure.high), words), standing=why)


def _claim_of(mention: Mention, slot: str, low: int, high: int | None) -> Claim | None:
    for claim in mention.claims:
        count = count_of(claim.value) if claim.slot == slot and claim.stance != "denies" else None
        if count and ((count.min or 0), count.max) == (low, high):
            return claim
    return None


def _speaker(mention: Mention, slot: str, words: str | None) -> Claim | None:
    """The claim of this slot that the words stand in; else the first of the slot that denies nothing."""
    ours = [c for c in mention.claims if c.slot in (slot, SLOT_OF.get(slot)) and c.stance != "denies"]
    return next((c for c in ours if words and words in c.quote), next(iter(ours), None))


def _by(telling: Telling, claim: Claim | None, value: str, words: str | None) -> Said:
    record = telling.record
    named = claim is not None and claim.by not in ("", record.source_id)
    return Said(
        item=record.item,
        source_id=record.source_id,
        at=record.published_at,
        value=value,
        words=words,
        by=claim.by if claim and named else None,
        stance=claim.stance if claim else None,
    )


def _named(value: Any) -> str:
    """A value in a few words: an actor's or place's name, a day, a kind."""
    if isinstance(value, EventType):
        return value.value
    if isinstance(value, Place):
        return f"{value.name or value.text}{'' if value.role == 'target' else f' ({value.role})'}"
    if isinstance(value, Actor):
        return value.name or value.text
    if isinstance(value, When):
        return value.local_date or value.start.date().isoformat()
    return value.type if isinstance(value, Weapon) else str(value)


def _range(low: int, high: int | None) -> str:
    if high is None:
        return f"{low}+"
    return str(low) if low == high else f"{low}–{high}"
