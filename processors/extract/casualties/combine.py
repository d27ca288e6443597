"""What the tolls of one incident in one text add up to: each person once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from processors.extract.casualties.toll import Toll
from processors.model import Count, EventType

ALL_SIDES = (EventType.ARMED_CLASH, EventType.RAID)
STRIKES = (
    EventType.AIRSTRIKE,
    EventType.DRONE_STRIKE,
    EventType.MISSILE,
)  # fighters hit by these are not the attackers


@dataclass(frozen=True, slots=True)
class Combined:
    """People killed and hurt in an incident, as `model.Count` with the words that say it; None where nothing does."""

    killed: Count | None = None
    injured: Count | None = None
    attackers_killed: Count | None = None


def combine_tolls(tolls: Sequence[Toll], event_type: EventType | None = None) -> Combined:
    """Total over the parts of one incident. `tolls` are in the order of the text; words are those of the largest part."""
    own = [t for t in tolls if not t.subset]
    killed = [t for t in own if t.slot == "killed" and _counts(t, own, event_type)]
    attackers = [t for t in own if t.slot == "attackers_killed"]
    fighters = [t for t in own if t.slot == "killed" and t not in killed]
    if event_type in ALL_SIDES:
        killed, attackers, fighters = [*killed, *attackers], [], []
    dead = _total(killed)
    return Combined(
        dead, _injured([t for t in own if t.slot == "injured"], killed, dead), _total([*attackers, *fighters])
    )


def _counts(toll: Toll, tolls: Sequence[Toll], event_type: EventType | None) -> bool:
    """Fighters are victims where the event strikes them or both sides count, or where nobody else was harmed."""
    if toll.group != "any" or event_type in (*ALL_SIDES, *STRIKES):
        return True
    return not any(t.group == "victims" and t.slot in ("killed", "injured") and t.count.min for t in tolls)


def _total(tolls: Sequence[Toll]) -> Count | None:
    """The last running total; else the largest of what single sentences and distinct names add up to."""
    running = [t for t in tolls if t.cumulative and t.count.min is not None]
    if running:
        return running[-1].count
    told = [t for t in tolls if t.count.min is not None]
    positive = [t for t in told if t.count.min or t.count.max]
    if not positive:
        return told[0].count if told else None
    sums = _sums(positive)
    best = max(sums, key=lambda c: (c.min or 0, c.max or 0))
    names = {name for t in positive for name in t.names}
    if len(names) > (best.min or 0):
        first = next(t for t in positive if t.names)
        return Count(
            min=len(names), max=len(names), text=first.count.text, start=first.count.start, end=first.count.end
        )
    return best


def _sums(tolls: Sequence[Toll]) -> list[Count]:
    """One candidate a stretch of tolls that add up: those told together, and those told as further ones."""
    sums: list[list[Toll]] = []
    for toll in tolls:
        if sums and not toll.definite and (toll.more or toll.start - sums[-1][-1].end < 60):
            sums[-1].append(toll)
        elif not toll.definite or not sums:
            sums.append([toll])
    return [_sum(part) for part in sums]


def _sum(tolls: Sequence[Toll]) -> Count:
    if len(tolls) == 1:
        return tolls[0].count
    largest = max(tolls, key=lambda t: t.count.min or 0).count
    lows, highs = [t.count.min or 0 for t in tolls], [t.count.max for t in tolls]
    high = None if None in highs else sum(h for h in highs if h is not None)
    return Count(min=sum(lows), max=high, text=largest.text, start=largest.start, end=largest.end)


def _injured(tolls: Sequence[Toll], killed: Sequence[Toll], dead: Count | None) -> Count | None:
    """Those hurt: where only a whole is said ("four people shot"), the dead are taken off it."""
    certain = _total([t for t in tolls if not t.whole and not _died(t, killed)])
    if certain is not None and (certain.min or 0) > 0:
        return certain
    whole = _total([t for t in tolls if t.whole])
    if whole is None or not whole.min:
        return certain
    rest = whole.min - ((dead.min or 0) if dead else 0)
    if rest <= 0:
        return certain
    high = None if whole.max is None else max(rest, whole.max - ((dead.min or 0) if dead else 0))
    return Count(min=rest, max=high, text=whole.text, start=whole.start, end=whole.end)


def _died(toll: Toll, killed: Iterable[Toll]) -> bool:
    """One person hurt who is told again among the dead: by name, or as the one person spoken of."""
    if toll.names:
        return any(set(toll.names) & set(k.names) for k in killed)
    return toll.definite and toll.count.min == 1 and any(k.count.min == 1 for k in killed)
