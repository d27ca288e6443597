"""Which entries of a neighbourhood are one incident: average link over pair scores, with pairs that may never meet.

The result depends on the set of entries only, not on the order in which they came. Complete-graph average link (UPGMA;
Sokal and Michener 1958) on a few dozen entries; ties go to the entries told first.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from processors.model import Modality
from processors.resolve.pairs import Similarity, near, score
from processors.resolve.state import Entry

NEVER = -1e9
REVISED = 6.0  # for what an item's newest revision says of what its earlier one told
LONG_PAST = 14  # days before it was told from which an incident is no news
MOST_COMPARED = 96  # tellings of a component that are all compared with each other, those told first
LOOK_BACK = 2.0  # above the bar, for a look back: most of these tell of something older that nobody filed
Scorer = Callable[[Entry, Entry], float]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def scorer(similarity: Similarity | None = None) -> Scorer:
    """The pair score of two entries, with the weight of `similarity` added where it has one."""
    if similarity is None:
        return lambda a, b: score(a.signs, b.signs)
    extra = similarity
    return lambda a, b: score(a.signs, b.signs) + (extra(a.signs, b.signs) or 0.0)


def order(entry: Entry) -> tuple[float, str]:
    """Entries are taken as they were told, those of one moment by name."""
    return entry.published_at.timestamp(), entry.entry_id


def happened(entry: Entry) -> bool:
    """Told as having happened, not taken back, and news: neither long past when it was told nor still to come."""
    if entry.mention.modality is not Modality.ACTUAL or entry.mention.withdrawn:
        return False
    told = entry.published_at.date().toordinal()
    return entry.signs.last_day >= told - LONG_PAST and entry.signs.first_day <= told + 1


def looks_back(entry: Entry) -> bool:
    """Tells of something past rather than denying something or taking it back."""
    past = entry.mention.modality in (Modality.HISTORICAL, Modality.ACTUAL)
    return past and not entry.mention.withdrawn and not entry.mention.follow_up


def opens(entry: Entry) -> bool:
    """What happened opens an incident where at least one of where, when and how many is told, beside what."""
    if not happened(entry) or entry.satellite_of is not None:
        return False
    signs = entry.signs
    return signs.spot is not None or signs.day_known or bool(figure(signs.killed) or figure(signs.injured))


def figure(toll: tuple[int, int | None] | None) -> int:
    """The least figure of a toll; 0 where there is none."""
    return toll[0] if toll else 0


def may_not_meet(a: Entry, b: Entry) -> bool:
    """Two mentions of one item revision are two incidents."""
    return a.item == b.item


def clusters(entries: Sequence[Entry], links: Matrix, bar: float) -> list[list[Entry]]:
    """Groups of entries, each sorted as told. `links`: their pair scores. Entries that open nothing, and those beyond the
    first `MOST_COMPARED` of an incident that all the world tells, join the group they fit best, or stand alone.
    """
    opening = [k for k, e in enumerate(entries) if opens(e)]
    compared = opening[:MOST_COMPARED]
    solid = [[compared[k] for k in g] for g in average_link(links[np.ix_(compared, compared)], bar)]
    groups = [list(g) for g in solid]
    home = {entries[k].entry_id: n for n, g in enumerate(groups) for k in g}
    rest = [k for k in range(len(entries)) if k not in set(compared)]
    for k in [*opening[MOST_COMPARED:], *(k for k in rest if not opens(entries[k]))]:
        n = _home(k, entries, links, solid, home, bar)
        if n is None:
            n = len(groups)
            groups.append([])
        groups[n].append(k)
        home[entries[k].entry_id] = n
    return [[entries[k] for k in sorted(g)] for g in groups]


def _home(
    k: int, entries: Sequence[Entry], links: Matrix, solid: Sequence[list[int]], home: Mapping[str, int], bar: float
) -> int | None:
    """The group that a further entry joins."""
    entry = entries[k]
    main = next((e for e in entries if e.entry_id == entry.satellite_of and e.entry_id in home), None)
    if main is not None and not _elsewhere(entry, main):
        return home[main.entry_id]
    fit, n = max(((_fit(k, entries, links, g), -n) for n, g in enumerate(solid)), default=(NEVER, 0))
    if fit >= bar + (LOOK_BACK if looks_back(entry) and not happened(entry) else 0.0):
        return -n
    return None if main is None else home[main.entry_id]


def _elsewhere(entry: Entry, main: Entry) -> bool:
    """Whether both say where, and it is not the same place."""
    a, b = entry.signs.spot, main.signs.spot
    return a is not None and b is not None and not near(a, b)


def _fit(k: int, entries: Sequence[Entry], links: Matrix, group: Sequence[int]) -> float:
    """How well a further entry fits a group: its best member and the mean of all, half and half; what follows an incident
    up, of which it says little itself, its best member alone.

    What an item's newest revision says belongs to what its earlier one told."""
    scores = links[k, group]
    if scores.min() <= NEVER:
        return NEVER
    revised = any(entries[k].item_key == entries[m].item_key for m in group)
    best = float(scores.max())
    near = best if entries[k].mention.follow_up else (best + float(scores.mean())) / 2
    return near + (REVISED if revised else 0.0)


def average_link(links: Matrix, bar: float) -> list[list[int]]:
    """Merges the two groups whose members score highest on average, until no two reach the bar. Groups of positions in
    `links`, the pair scores, whose entries are in the order of their telling: of equal scores the first counts."""
    groups = [[k] for k in range(len(links))]
    if len(groups) < 2:
        return groups
    links, sizes = links.copy(), np.ones(len(groups))
    while True:
        x, y = sorted(divmod(int(links.argmax()), len(groups)))
        if links[x, y] < bar:
            return [g for g in groups if g]
        row = (sizes[x] * links[x] + sizes[y] * links[y]) / (sizes[x] + sizes[y])
        row[(links[x] <= NEVER / 2) | (links[y] <= NEVER / 2)] = NEVER
        groups[x], groups[y] = groups[x] + groups[y], []
        sizes[x] += sizes[y]
        links[x], links[:, x] = row, row
        links[x, x], links[y], links[:, y] = NEVER, NEVER, NEVER
