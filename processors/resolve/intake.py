"""What an input item does to the entries: which revision counts, what replaces what, the verdict where order is wrong.

An item's entries are the mentions of its newest revision. Where that tells nothing that opens an incident (a deletion, a
correction, an edit that says less), those of the highest revision that did are kept beside them, as entries that no longer
stand. So the order in which revisions arrive makes no difference.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from processors.errors import RevisionConflict
from processors.model import ItemMentions, Modality
from processors.resolve.blocking import filing_keys
from processors.resolve.cluster import happened, opens
from processors.resolve.pairs import score
from processors.resolve.satellites import satellites
from processors.resolve.signs import signs_of
from processors.resolve.state import Entry, ItemState, StateView, Verdict

FILED = frozenset({Modality.ACTUAL, Modality.DENIED, Modality.HISTORICAL})
MANY = 3  # deeds in one item from which on it is a round-up
SKEW = timedelta(minutes=5)  # an item may be so far ahead of the clock; beyond, it counts as told now


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What one input changes: the item's record, its entries as they are now, the entries these replace."""

    verdict: Verdict
    item: ItemState | None = None
    entries: tuple[Entry, ...] = ()
    replaced: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def idle(self) -> bool:
        """Nothing about any incident changes."""
        return not self.entries and not self.replaced


def take_in(told: ItemMentions, view: StateView, now: datetime) -> Intake:
    """The intake of one item revision. Raises RevisionConflict: a revision already taken in, with another text."""
    told, notes = _on_the_clock(told, now)
    key = f"{told.source_id}/{told.external_id}"
    known = view.item(key)
    if known is not None and told.revision == known.revision:
        return _again(told, known)
    held = tuple(view.entries_of_item(key))
    if known is not None and told.revision < known.revision:
        return _late(told, known, held)
    verdict: Verdict = "applied" if known is not None or told.kind == "new" else "unknown_original"
    entries = entries_of(told, stands=True)
    if not entries and not held and verdict == "applied":
        verdict = "no_mentions"
    if not any(opens(e) for e in entries):
        entries = (*_fallen(held), *entries)
    item = ItemState(item_key=key, revision=told.revision, record=_record(told))
    return Intake(verdict=verdict, item=item, entries=_inherit(entries, held), replaced=held, notes=notes)


def _again(told: ItemMentions, known: ItemState) -> Intake:
    if (told.kind, told.fingerprint, told.title) != (known.record.kind, known.record.fingerprint, known.record.title):
        raise RevisionConflict(f"{told.item}: taken in before with another text")
    return Intake(verdict="repeat")


def _late(told: ItemMentions, known: ItemState, held: Sequence[Entry]) -> Intake:
    """A revision older than the newest known one. It speaks only where no later revision opens an incident."""
    entries = tuple(e for e in entries_of(told, stands=False) if happened(e))
    if told.revision <= _opened(held) or not any(opens(e) for e in entries):
        return Intake(verdict="stale")
    newest = tuple(e for e in held if _revision(e) == known.revision)
    return Intake(verdict="stale", item=known, entries=(*_inherit(entries, held), *newest), replaced=tuple(held))


def _fallen(held: Sequence[Entry]) -> tuple[Entry, ...]:
    """What the last revision that opened an incident told as having happened, as entries that no longer stand."""
    last = _opened(held)
    return tuple(msgspec.structs.replace(e, stands=False) for e in held if happened(e) and _revision(e) == last)


def _opened(held: Sequence[Entry]) -> int:
    """The highest revision that opens an incident; -1 where none does."""
    return max((_revision(e) for e in held if opens(e)), default=-1)


def _revision(entry: Entry) -> int:
    return int(entry.item.rsplit("@", 1)[1])


def entries_of(told: ItemMentions, stands: bool) -> tuple[Entry, ...]:
    """The mentions of an item that are kept: what happened, what is denied, what is told of the past."""
    kept = [k for k, m in enumerate(told.mentions) if m.modality in FILED or m.withdrawn]
    made = [_entry(told, k, stands) for k in kept]
    homes = satellites(made)
    return tuple(msgspec.structs.replace(e, satellite_of=homes.get(e.entry_id)) for e in made)


def _entry(told: ItemMentions, number: int, stands: bool) -> Entry:
    signs = signs_of(told, told.mentions[number])
    return Entry(
        entry_id=f"{told.item}#{number}",
        item_key=f"{told.source_id}/{told.external_id}",
        item=told.item,
        published_at=told.published_at,
        keys=filing_keys(signs),
        mention=told.mentions[number],
        signs=signs,
        stands=stands,
        round_up=sum(m.modality is Modality.ACTUAL for m in told.mentions) >= MANY,
    )


def _inherit(entries: Sequence[Entry], held: Sequence[Entry]) -> tuple[Entry, ...]:
    """Each new entry takes over the incident of the old entry of its item that is most like it, each old one once."""
    pairs = sorted((-score(n.signs, o.signs), n.entry_id, o.entry_id) for n in entries for o in held)
    old = {e.entry_id: e for e in held}
    heir: dict[str, str | None] = {}
    used: set[str] = set()
    for _, new_id, old_id in pairs:
        if new_id not in heir and old_id not in used:
            heir[new_id] = old[old_id].incident_id
            used.add(old_id)
    return tuple(msgspec.structs.replace(e, incident_id=e.incident_id or heir.get(e.entry_id)) for e in entries)


def _on_the_clock(told: ItemMentions, now: datetime) -> tuple[ItemMentions, tuple[str, ...]]:
    """An item from the future counts as told now: a source's clock may be wrong, ours may not."""
    if told.published_at <= now + SKEW:
        return told, ()
    return msgspec.structs.replace(told, published_at=now), (f"{told.item}: published in the future, taken as now",)


def _record(told: ItemMentions) -> ItemMentions:
    return msgspec.structs.replace(told, mentions=())
