"""Which entries of a neighbourhood are one incident: average link over pair scores, with pairs that may never meet.

The result depends on the set of entries only, not on the order in which they came. Complete-graph average link (UPGMA;
Sokal and Michener 1958) on a few dozen entries; ties go to the entries told first.
"""

from collections.abc import Callable, Sequence

import numpy as np

from processors.model import Modality
from processors.resolve.pairs import Similarity, score
from processors.resolve.state import Entry

NEVER = -1e9
REVISED = 6.0  # for what an item's newest revision says of what its earlier one told
LONG_PAST = 14  # days before it was told from which an incident is no news
LOOK_BACK = 2.0  # above the bar, for a look back: most of these tell of something older that nobody filed
Scorer = Callable[[Entry, Entry], float]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def scorer(similarity: Similarity | None = None) -> Scorer:
    """The pair score of two entries, with the weight of `similarity` added where it has one."""
    if similarity is None:
        return lambda a, b: score(a.signs, b.signs)
    extra = similarity
    return lambda a, b: score(a.signs, b.signs) + (extra(a.signs, b.signs) or 0.0)


def settled(pair: Scorer, margin: float) -> Scorer:
    """The pair score with a margin for what was published: for two entries of one incident, against two of different
    ones. So an incident is neither split nor merged for a trifle, and what has just been told is not told otherwise."""

    def held(a: Entry, b: Entry) -> float:
        if a.incident_id is None or b.incident_id is None:
            return pair(a, b)
        return pair(a, b) + (margin if a.incident_id == b.incident_id else -margin)

    return held


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
    return entry.mention.modality in (Modality.HISTORICAL, Modality.ACTUAL) and not entry.mention.withdrawn


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


def clusters(entries: Sequence[Entry], pair: Scorer, bar: float) -> list[list[Entry]]:
    """Groups of entries, each sorted as told. Entries that open nothing join the group they fit best, or stand
    alone.
    """
    openers = sorted((e for e in entries if opens(e)), key=order)
    groups = average_link(openers, pair, bar)
    solid = [list(g) for g in groups]
    home = {e.entry_id: k for k, g in enumerate(groups) for e in g}
    for entry in sorted((e for e in entries if not opens(e)), key=order):
        if entry.satellite_of in home:
            groups[home[entry.satellite_of]].append(entry)
            continue
        fit = max(((_fit(entry, g, pair), -k) for k, g in enumerate(solid)), default=(NEVER, 0))
        if fit[0] >= bar + (LOOK_BACK if looks_back(entry) and not happened(entry) else 0.0):
            groups[-fit[1]].append(entry)
        else:
            groups.append([entry])
    return [sorted(g, key=order) for g in groups]


def _fit(entry: Entry, group: Sequence[Entry], pair: Scorer) -> float:
    """How well a further entry fits a group: its best member and the mean of all, half and half.

    What an item's newest revision says belongs to what its earlier one told."""
    if any(may_not_meet(entry, e) for e in group):
        return NEVER
    scores = [pair(entry, e) for e in group]
    revised = any(entry.item_key == e.item_key for e in group)
    return (max(scores) + sum(scores) / len(scores)) / 2 + (REVISED if revised else 0.0)


def average_link(entries: Sequence[Entry], pair: Scorer, bar: float) -> list[list[Entry]]:
    """Merges the two groups whose members score highest on average, until no two reach the bar."""
    groups = [[e] for e in entries]
    if len(groups) < 2:
        return groups
    links = _matrix(entries, pair)
    sizes = np.ones(len(groups))
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


def _matrix(entries: Sequence[Entry], pair: Scorer) -> Matrix:
    links = np.full((len(entries), len(entries)), NEVER)
    for i, a in enumerate(entries):
        for j in range(i):
            if not may_not_meet(a, entries[j]):
                links[i, j] = links[j, i] = pair(a, entries[j])
    return links
