"""How many independent origins stand behind an incident: copies, forwards, quoted outlets and one publisher's
outlets count once.
"""

from collections.abc import Sequence
from itertools import combinations

import msgspec

from processors.normalize import overlap
from processors.resolve.told import Telling, cites, copies

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
    for i, j in combinations(range(len(tellings)), 2):
        reason = one_origin(tellings[i], tellings[j])
        if reason and home[i] != home[j]:
            why[j] = why[j] or reason
            low, high = sorted((home[i], home[j]))
            home = [low if h == high else h for h in home]
    groups = [[k for k, h in enumerate(home) if h == first] for first in sorted(set(home))]
    return [Origin(tuple(tellings[k] for k in g), tuple(why[k] for k in g if why[k])) for g in groups]


def one_origin(a: Telling, b: Telling) -> str | None:
    """Why two tellings count as one origin; None where they do not."""
    if a.record.source_id == b.record.source_id:
        return f"both by {a.record.source_id}"
    if a.publisher == b.publisher:
        return f"both published by {a.publisher}"
    if copies(a, b, COPIED_AT) or overlap(a.record.fingerprint, b.record.fingerprint) >= SAME_TEXT_AT:
        kind = "forward" if _forwards(a, b) or _forwards(b, a) else "copy"
        return f"{kind}: {a.record.source_id} and {b.record.source_id} have the same words"
    if cites(a, b) or cites(b, a):
        return f"one of {a.record.source_id} and {b.record.source_id} cites the other"
    return None


def _forwards(a: Telling, b: Telling) -> bool:
    return a.record.forwarded_from == b.record.source_id
