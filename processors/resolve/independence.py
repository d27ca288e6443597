"""How many independent origins stand behind an incident: copies, forwards, quoted outlets and one publisher's
outlets count once.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import msgspec

from processors.normalize import overlap
from processors.resolve.stems import containment
from processors.resolve.told import Telling, cited_names, own_names

COPIED_AT = 0.5  # of a wording held by the other
SAME_TEXT_AT = 0.3  # Jaccard overlap of two whole items


class Origin(msgspec.Struct, frozen=True):
    """Tellings that go back to one origin, and why each further one was counted with the first."""

    tellings: tuple[Telling, ...]
    why: tuple[str, ...]


def origins(tellings: Sequence[Telling]) -> list[Origin]:
    """The tellings grouped by origin, in the order of their first telling."""
    home = list(range(len(tellings)))
    why: list[str] = [""] * len(tellings)
    sides = [_Side.of(t) for t in tellings]
    for i, j in combinations(range(len(tellings)), 2):
        if home[i] == home[j] or not (reason := _one_origin(sides[i], sides[j])):
            continue
        why[j] = why[j] or reason
        low, high = sorted((home[i], home[j]))
        home = [low if h == high else h for h in home]
    groups = [[k for k, h in enumerate(home) if h == first] for first in sorted(set(home))]
    return [Origin(tuple(tellings[k] for k in g), tuple(why[k] for k in g if why[k])) for g in groups]


class _Side(NamedTuple):
    """What of a telling its origin shows in, worked out once for all pairs."""

    source: str
    publisher: str
    names: frozenset[str]
    cites: frozenset[str]
    forwarded: str | None
    sketch: frozenset[int]
    triples: int
    fingerprint: tuple[int, ...]
    hashes: frozenset[int]

    @classmethod
    def of(cls, telling: Telling) -> "_Side":
        record, signs = telling.record, telling.entry.signs
        return cls(
            record.source_id, telling.publisher, own_names(telling), cited_names(telling), record.forwarded_from,
            signs.sketch, signs.triples, record.fingerprint, frozenset(record.fingerprint),
        )  # fmt: skip


def _one_origin(a: _Side, b: _Side) -> str | None:
    """Why two tellings count as one origin; None where they do not."""
    if a.source == b.source:
        return f"both by {a.source}"
    if a.publisher == b.publisher:
        return f"both published by {a.publisher}"
    if _copied(a, b) or _same_text(a, b):
        kind = "forward" if b.source == a.forwarded or a.source == b.forwarded else "copy"
        return f"{kind}: {a.source} and {b.source} have the same words"
    if a.cites & b.names or b.cites & a.names:
        return f"one of {a.source} and {b.source} cites the other"
    return None


def _copied(a: _Side, b: _Side) -> bool:
    """One wording is held by the other."""
    if a.sketch.isdisjoint(b.sketch) or min(a.triples, b.triples) <= 3:
        return False
    return containment(a.sketch, a.triples, b.sketch, b.triples) >= COPIED_AT


def _same_text(a: _Side, b: _Side) -> bool:
    return not a.hashes.isdisjoint(b.hashes) and overlap(a.fingerprint, b.fingerprint) >= SAME_TEXT_AT
