"""Which id a cluster of entries has: the incident most of its entries were in; of several the oldest; else a new id
from content.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from processors.resolve.cluster import opens
from processors.resolve.state import Entry

NAMESPACE = UUID("6f1f1d2e-5b0c-5d43-9a52-8d6f0c1b7a11")


class Assignment(msgspec.Struct, frozen=True):
    """`ids`: one a cluster, None where it opens no incident. `merged`: id → the id that took it in. `empty`: ids
    left without entries.
    """

    ids: tuple[str | None, ...]
    merged: dict[str, str]
    empty: tuple[str, ...]


def assign(
    clusters: Sequence[Sequence[Entry]],
    known: Mapping[str, datetime],
    taken: Callable[[str], bool],
) -> Assignment:
    """Matches clusters to the incidents their entries were in. `known`: id → when first reported, of all incidents
    concerned.

    An incident goes with the cluster that holds most of its entries; a cluster that several incidents go with keeps
    the oldest id, and the others are merged into it. `taken` says whether an id is some living incident's."""
    heirs = _heirs(clusters, known)
    ids: list[str | None] = []
    merged: dict[str, str] = {}
    for k, cluster in enumerate(clusters):
        claimants = sorted((i for i, c in heirs.items() if c == k), key=lambda i: (known[i], i))
        if not any(opens(e) for e in cluster):
            ids.append(None)
        elif claimants:
            ids.append(claimants[0])
            merged |= dict.fromkeys(claimants[1:], claimants[0])
        else:
            ids.append(new_id(cluster, lambda i: i in known or i in ids or taken(i)))
    held = {i for i in ids if i} | merged.keys()
    return Assignment(tuple(ids), merged, tuple(sorted(known.keys() - held)))


def _heirs(clusters: Sequence[Sequence[Entry]], known: Mapping[str, datetime]) -> dict[str, int]:
    """Incident → the cluster that holds most of what opened it, of equals the larger, then the one told first: where a
    post and a report part, the id stays with what others tell too. What merely joined it (a look back, a vague post)
    does not take it along when it leaves."""
    shares: dict[str, Counter[int]] = defaultdict(Counter)
    for k, cluster in enumerate(clusters):
        for entry in filter(opens, cluster):
            if entry.incident_id in known:
                shares[str(entry.incident_id)][k] += 1
    size = [sum(map(opens, cluster)) for cluster in clusters]
    return {i: min(count, key=lambda k: (-count[k], -size[k], k)) for i, count in shares.items()}


def new_id(cluster: Sequence[Entry], taken: Callable[[str], bool]) -> str:
    """A UUID (version 5) from the first telling, so that the same stream gives the same ids."""
    first = next(e for e in cluster if opens(e))
    for again in range(1000):
        made = str(uuid5(NAMESPACE, f"{first.item_key}#{first.entry_id.rsplit('#', 1)[-1]}/{again}"))
        if not taken(made):
            return made
    raise RuntimeError(f"no free id for {first.entry_id}")
