"""Which mentions of an item only add to another of the same item, or tell it a second time, and so open nothing."""

from collections.abc import Sequence

from processors.geo import km
from processors.resolve.cluster import happened, opens
from processors.resolve.pairs import same_family, score
from processors.resolve.state import Entry

ONE_SPOT = 40.0  # km within which a place and its surroundings are one
AGAIN = 0.0  # pair score from which two mentions of one item may be the same told twice
MANY = 2  # so many dead in both are hardly two incidents of one item


def satellites(of_item: Sequence[Entry]) -> dict[str, str]:
    """Entry → the entry of the same item that it only adds to or tells again. What is told best stands for itself; an
    answer to another mention is an incident of its own."""
    ranked = sorted((e for e in of_item if happened(e)), key=lambda e: (-_richness(e), e.entry_id))
    mains: list[Entry] = []
    found: dict[str, str] = {}
    for entry in ranked:
        fitting = [m for m in mains if _adds_to(entry, m) or _told_again(entry, m) or _beside(entry, mains)]
        if fitting and entry.mention.response_to is None:
            best = min(fitting, key=lambda m: (-score(entry.signs, m.signs), m.entry_id))
            found[entry.entry_id] = best.entry_id
        elif opens(entry):
            mains.append(entry)
    return found


def _richness(entry: Entry) -> int:
    """How many of day, toll and place an entry has; a day or a toll makes it an incident of its own more than a place."""
    signs = entry.signs
    own = signs.day_known + (signs.killed is not None) + (signs.injured is not None)
    return 2 * own + (signs.spot is not None)


def _adds_to(entry: Entry, main: Entry) -> bool:
    """Neither a day nor a toll of its own, and no place, or that of the other with a type of the same family; or one more
    figure of the other: those hurt where it has the dead, of the same place, day and family of types."""
    if _bare(entry):
        return not _bare(main) and _same_spot(entry, main)
    return (
        entry.signs.spot is not None and _same_spot(entry, main) and _same_day(entry, main) and _completes(entry, main)
    )


def _beside(entry: Entry, mains: Sequence[Entry]) -> bool:
    """Told in passing, with neither day nor toll, in an item that reports one other incident in full."""
    return _bare(entry) and not entry.mention.listed and len(mains) == 1 and not _bare(mains[0])


def _same_day(entry: Entry, main: Entry) -> bool:
    a, b = entry.signs, main.signs
    return not a.day_known or (a.first_day, a.last_day) == (b.first_day, b.last_day)


def _completes(entry: Entry, main: Entry) -> bool:
    """It has a figure, and none that the other has too."""
    pairs = [(getattr(entry.signs, s), getattr(main.signs, s)) for s in ("killed", "injured")]
    return all(x is None or y is None for x, y in pairs) and any(x is not None for x, _ in pairs)


def _told_again(entry: Entry, main: Entry) -> bool:
    """The other once more: as many dead of one family of types, or as many dead and hurt of one type, and no figure that
    tells the two apart."""
    a, b = entry.signs, main.signs
    if any(x and y and x[0] != y[0] for x, y in ((a.killed, b.killed), (a.injured, b.injured))):
        return False
    same_dead = a.killed is not None and b.killed is not None and a.killed[0] >= MANY
    same_toll = a.killed == b.killed and a.injured == b.injured and bool(a.killed and a.injured)
    if same_toll and a.event_type is b.event_type:
        return score(a, b) >= AGAIN
    return same_dead and same_family(a.event_type, b.event_type) and score(a, b) >= AGAIN


def _bare(entry: Entry) -> bool:
    return not entry.signs.day_known and entry.signs.killed is None and entry.signs.injured is None


def _same_spot(entry: Entry, main: Entry) -> bool:
    a, b = entry.signs.spot, main.signs.spot
    if a is None:
        return True
    if b is None or not same_family(entry.signs.event_type, main.signs.event_type):
        return False
    if a.coarse == b.coarse and entry.signs.town and entry.signs.town == main.signs.town:
        return True  # a name without its country in the title may have been taken for another town
    return km(a.lat, a.lon, b.lat, b.lon) <= max(ONE_SPOT, a.radius, b.radius)
