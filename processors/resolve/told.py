"""What fusing works on: an entry with the item that told it, and what of it still holds."""

from collections.abc import Iterable, Sequence

import msgspec

from processors.model import ItemMentions, Modality
from processors.resolve.cluster import happened, order
from processors.resolve.state import Entry
from processors.resolve.stems import containment, words_of

COPIED_AT = 0.6  # of a wording that a forward or copy repeats


class Telling(msgspec.Struct, frozen=True, eq=False):
    """One mention of an incident with its item's own data."""

    entry: Entry
    record: ItemMentions

    @classmethod
    def of(cls, entry: Entry, record: ItemMentions) -> "Telling":
        """An entry with its item's data as of the revision that tells it."""
        return cls(entry, msgspec.structs.replace(record, item=entry.item, published_at=entry.published_at))

    @property
    def actual(self) -> bool:
        """Tells it as having happened."""
        return happened(self.entry)

    @property
    def publisher(self) -> str:
        """Who answers for it: the publisher group, else the source."""
        return self.record.publisher or self.record.source_id


def weight(telling: Telling) -> float:
    """What a telling's word counts in a vote: its extraction's confidence."""
    return 0.5 + telling.entry.mention.confidence / 2


def in_order(tellings: Iterable[Telling]) -> list[Telling]:
    """As told, those of one moment by name."""
    return sorted(tellings, key=lambda t: order(t.entry))


def copies(one: Telling, other: Telling, least: float = COPIED_AT) -> bool:
    """One wording holds most of the other."""
    a, b = one.entry.signs, other.entry.signs
    return min(a.triples, b.triples) > 3 and containment(a.sketch, a.triples, b.sketch, b.triples) >= least


def standing(tellings: Sequence[Telling]) -> list[Telling]:
    """The tellings that still hold: not deleted, not taken back by their own side, not mere copies of such."""
    withdrawals = [t for t in tellings if takes_back(t)]
    fallen = [t for t in tellings if not t.entry.stands or _taken_back(t, withdrawals)]
    names = {t.entry.entry_id for t in fallen}
    held = [t for t in tellings if t.entry.entry_id not in names]
    return [t for t in held if not (t.actual and any(_derived(t, f) for f in fallen if f.actual))]


def _taken_back(telling: Telling, withdrawals: Sequence[Telling]) -> bool:
    """The same publisher later withdrew what it told."""
    return telling.actual and any(
        w.publisher == telling.publisher and w.record.published_at >= telling.record.published_at for w in withdrawals
    )


def takes_back(telling: Telling) -> bool:
    """Says of its own accord that it did not happen; a denial that it merely passes on is no withdrawal."""
    mention, own = telling.entry.mention, {telling.record.source_id, telling.publisher}
    if not telling.entry.stands:
        return False
    denials = [c.by for c in mention.claims if c.slot == "occurrence" and c.stance == "denies"]
    return mention.withdrawn or (mention.modality is Modality.DENIED and own.issuperset(denials))


def _derived(telling: Telling, source: Telling) -> bool:
    """A forward, a copy or a quotation, told later than what it repeats."""
    later = telling.record.published_at >= source.record.published_at
    return later and telling.publisher != source.publisher and (copies(telling, source) or cites(telling, source))


def cites(telling: Telling, source: Telling) -> bool:
    """Its text names the other's source or publisher as where it has it from."""
    return bool(cited_names(telling) & own_names(source))


def cited_names(telling: Telling) -> frozenset[str]:
    """The outlets that its text names as its source, as plain words."""
    return frozenset(" ".join(words_of(n)) for n in telling.record.cites)


def own_names(telling: Telling) -> frozenset[str]:
    """What others call its source, as plain words."""
    return frozenset(" ".join(words_of(n)) for n in (telling.record.source_id, telling.publisher))


def denying(telling: Telling) -> bool:
    """Says that it did not happen, or takes it back."""
    return telling.entry.mention.modality is Modality.DENIED or telling.entry.mention.withdrawn
