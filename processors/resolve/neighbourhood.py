"""Which entries a change can touch: what pair scores connect to it, and what is in one incident with those.

Two groups can only merge where at least one pair of their members reaches the bar, so entries that no such pair
connects may be left out. What one item costs is bounded by the caps below, whatever is open around it.
"""

from collections.abc import Iterable, Sequence

from processors.resolve.blocking import lookup_keys
from processors.resolve.cluster import Scorer, order
from processors.resolve.state import Entry, StateView

MOST_ASKING = 12  # of an item's mentions and of what an edit leaves behind, those told first
MOST_CANDIDATES = 48  # entries that the lookup brings
MOST_ENTRIES = 40  # entries clustered again at once
MOST_OF_INCIDENT = 12  # companions that one incident brings along, the newest


def neighbourhood(
    seeds: Iterable[Entry], gone: frozenset[str], view: StateView, pair: Scorer, bar: float
) -> list[Entry]:
    """The seeds and all that is connected to them, as told. `gone`: entry ids that no longer stand for anything."""
    found = {e.entry_id: e for e in sorted(seeds, key=order)}
    asking = list(found.values())[:MOST_ASKING]
    keys = frozenset(k for e in asking for k in lookup_keys(e.signs))
    near = [e for e in view.entries_under(keys, MOST_CANDIDATES) if e.entry_id not in found.keys() | gone]
    linked = _linked(near, asking, pair, bar)[: max(0, MOST_ENTRIES - len(found))]
    found |= {e.entry_id: e for e in linked}
    companions = _companions(linked, found.keys() | gone, view)[: max(0, MOST_ENTRIES - len(found))]
    return sorted([*found.values(), *companions], key=order)


def _linked(near: Sequence[Entry], asking: Sequence[Entry], pair: Scorer, bar: float) -> list[Entry]:
    """Those that a pair connects, the best connected first."""
    fits = [(max(pair(e, f) for f in asking), e) for e in near]
    return [e for s, e in sorted(fits, key=lambda f: (-f[0], order(f[1]))) if s >= bar]


def _companions(linked: Sequence[Entry], known: frozenset[str] | set[str], view: StateView) -> list[Entry]:
    """What is in one incident with what was linked, though no pair connects it: whether it stays is to be judged anew."""
    companions: list[Entry] = []
    for incident_id in dict.fromkeys(e.incident_id for e in linked if e.incident_id):
        others = [e for e in view.entries_of_incident(incident_id) if e.entry_id not in known]
        companions += sorted(others, key=order)[-MOST_OF_INCIDENT:]
    return companions
