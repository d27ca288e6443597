"""Which entries a change can touch: the connected components that the pairs which reach the bar make of all entries.

Two groups can only merge where at least one pair of their members reaches the bar, so no cluster reaches beyond a
component, and clustering a whole component anew depends on nothing but the entries that stand. Every entry knows its
component, so what one item costs is bounded by the components it meets. Where a crowd (one town, one day) makes a
component of more than `MOST` entries, it falls into those that pairs of a score one higher make, and so on; how deep
depends on the entries again, not on who came first.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from processors.resolve.blocking import filing_keys, lookup_keys
from processors.resolve.cluster import NEVER, Matrix, Scorer, may_not_meet, order
from processors.resolve.state import Entry, StateView

MOST = 64  # entries of a component
DEEPEST = 8  # above the bar; what is linked beyond that is one however many they are
MOST_CANDIDATES = 48  # entries that the lookup of one mention brings
Indices = np.ndarray[tuple[int], np.dtype[np.intp]]


class Component(NamedTuple):
    """Entries as told, and their pair scores. The label is `depth/name`."""

    label: str
    entries: list[Entry]
    links: Matrix


def components(
    fresh: Sequence[Entry], replaced: Sequence[Entry], view: StateView, pair: Scorer, bar: float
) -> list[Component]:
    """The components of the new entries and of those they replace, as they are now."""
    gone = {e.entry_id for e in replaced}
    met, depths = _met(fresh, gone, view, pair, bar)
    pool = {e.entry_id: e for e in fresh}
    for label in sorted(met | {e.component for e in replaced}):
        pool |= {e.entry_id: e for e in view.entries_of_component(label) if e.entry_id not in gone | pool.keys()}
    entries = sorted(pool.values(), key=order)
    depth = np.array([depths.get(e.entry_id, depth_of(e.component)) for e in entries])
    links = pair_scores(entries, pair)
    above = np.where(_meeting(entries), links - bar, NEVER)
    found = _parts(above, _tied(entries), depth, np.arange(len(entries)), 0)
    return _labelled([(level, [entries[k] for k in part], links[np.ix_(part, part)]) for level, part in found])


def depth_of(label: str) -> int:
    """By how much the pairs that make the component pass the bar."""
    return int(label.split("/", 1)[0] or 0)


def _met(
    fresh: Sequence[Entry], gone: Collection[str], view: StateView, pair: Scorer, bar: float
) -> tuple[set[str], dict[str, int]]:
    """Labels of the components that new entries are linked to, and how deep each new entry must lie: a pair that
    links it to a crowd makes it part of the crowd."""
    known = {e.entry_id for e in fresh} | set(gone)
    met, depths = set[str](), dict.fromkeys((e.entry_id for e in fresh), 0)
    for entry in fresh:
        near = view.entries_under(lookup_keys(entry.signs), MOST_CANDIDATES)
        for other in (e for e in near if e.entry_id not in known):
            above, depth = pair(entry, other) - bar, depth_of(other.component)
            if above >= depth:
                met.add(other.component)
            if above >= 0:
                depths[entry.entry_id] = max(depths[entry.entry_id], min(depth, int(above) + 1))
    return met, depths


def pair_scores(entries: Sequence[Entry], pair: Scorer) -> Matrix:
    """The score of every pair; that of two mentions that may not meet is `NEVER`."""
    links = np.full((len(entries), len(entries)), NEVER)
    for i, a in enumerate(entries):
        for j in range(i):
            if not may_not_meet(a, entries[j]):
                links[i, j] = links[j, i] = pair(a, entries[j])
    return links


def _meeting(entries: Sequence[Entry]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Which pairs a lookup brings together, whichever comes first: others that stand in one pool by chance make no
    component."""
    filed = [frozenset(filing_keys(e.signs)) for e in entries]
    asked = [lookup_keys(e.signs) for e in entries]
    return np.array([[not keys.isdisjoint(held) for held in filed] for keys in asked]).reshape(len(filed), len(filed))


def _tied(entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """Pairs that are in one component whatever their score: what an item tells and what its last revision told, what a
    mention only adds to."""
    return [
        (i, j)
        for i, a in enumerate(entries)
        for j, b in enumerate(entries[:i])
        if a.item_key == b.item_key
        and (a.item != b.item or a.satellite_of == b.entry_id or b.satellite_of == a.entry_id)
    ]


def _parts(
    above: Matrix, tied: list[tuple[int, int]], depth: Indices, part: Indices, level: int
) -> Iterator[tuple[int, Indices]]:
    """The components of some of the entries, each with its depth."""
    linked = above[np.ix_(part, part)] >= level
    place = {int(k): n for n, k in enumerate(part)}
    for i, j in tied:
        if i in place and j in place:
            linked[place[i], place[j]] = linked[place[j], place[i]] = True
    for chosen in _connected(linked):
        inner = part[chosen]
        if level < DEEPEST and (depth[inner].max() > level or len(inner) > MOST):
            yield from _parts(above, tied, depth, inner, level + 1)
        else:
            yield level, inner


def _connected(linked: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> Iterator[Indices]:
    """The connected components of a graph, each in rising order."""
    left = np.ones(len(linked), dtype=bool)
    while left.any():
        reached = np.zeros(len(linked), dtype=bool)
        border = reached.copy()
        border[int(left.argmax())] = True
        while border.any():
            reached |= border
            border = linked[border].any(axis=0) & ~reached
        left &= ~reached
        yield np.flatnonzero(reached)


def _labelled(found: Sequence[tuple[int, list[Entry], Matrix]]) -> list[Component]:
    """Each keeps the label that most of its entries had, the larger ones first, so that few have to be written."""
    labels: dict[int, str] = {}
    for k in sorted(range(len(found)), key=lambda k: (-len(found[k][1]), order(found[k][1][0]))):
        level, entries, _ = found[k]
        held = Counter(e.component for e in entries if e.component and depth_of(e.component) == level)
        free = sorted((-n, label) for label, n in held.items() if label not in labels.values())
        label = free[0][1] if free else f"{level}/{entries[0].entry_id}"
        while label in labels.values():
            label += "'"
        labels[k] = label
    return [Component(labels[k], entries, links) for k, (_, entries, links) in enumerate(found)]
