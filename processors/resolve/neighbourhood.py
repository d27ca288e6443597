"""Which entries a change can touch: everything connected to it by pair scores that could make one incident.

Two groups can only merge where at least one pair of their members reaches the lowest bar, so entries that no such pair
connects may be left out: clustering the neighbourhood gives what clustering everything would give.
"""

from collections.abc import Iterable

from processors.resolve.blocking import lookup_keys
from processors.resolve.cluster import Scorer, order
from processors.resolve.state import Entry, StateView

MOST_CANDIDATES = 80  # entries that one lookup brings
MOST_ENTRIES = 40  # entries clustered again at once
MOST_ASKING = 8  # of those found in one round, the best linked, ask on in the next: bounds what one item costs
ROUNDS = 3
FURTHER = (
    1.0  # above the bar, for what is connected only through others: keeps a busy town from becoming one neighbourhood
)


def neighbourhood(
    seeds: Iterable[Entry], gone: frozenset[str], view: StateView, pair: Scorer, bar: float
) -> list[Entry]:
    """The seeds and all that is connected to them, as told. `gone`: entry ids that no longer stand for anything."""
    found = {e.entry_id: e for e in seeds}
    frontier = sorted(found.values(), key=order)
    for step in range(ROUNDS):
        near = [e for e in _candidates(frontier, view) if e.entry_id not in found and e.entry_id not in gone]
        fits = [(max(pair(e, f) for f in frontier), e) for e in near]
        linked = sorted(
            (f for f in fits if f[0] >= (bar + FURTHER if step else bar)), key=lambda f: (-f[0], order(f[1]))
        )
        frontier = [e for _, e in linked[: MOST_ENTRIES - len(found)]]
        companions = _companions(frontier, near, MOST_ENTRIES - len(found) - len(frontier))
        found |= {e.entry_id: e for e in (*frontier, *companions)}
        frontier = frontier[:MOST_ASKING]
        if not frontier or len(found) >= MOST_ENTRIES:
            break
    return sorted(found.values(), key=order)


def _companions(chosen: list[Entry], near: list[Entry], most: int) -> list[Entry]:
    """What is in one incident with what was chosen, though no pair connects it: whether it stays is to be judged anew."""
    ids, names = {e.incident_id for e in chosen if e.incident_id}, {e.entry_id for e in chosen}
    return sorted((e for e in near if e.incident_id in ids and e.entry_id not in names), key=order)[:most]


def _candidates(frontier: list[Entry], view: StateView) -> list[Entry]:
    """What the keys of the frontier bring, and what else is in the frontier's incidents."""
    keys = frozenset(k for e in frontier for k in lookup_keys(e.signs))
    near = {e.entry_id: e for e in view.entries_under(keys, MOST_CANDIDATES)}
    for incident_id in sorted({e.incident_id for e in frontier if e.incident_id}):
        near |= {e.entry_id: e for e in view.entries_of_incident(incident_id)}
    return [near[k] for k in sorted(near)]
