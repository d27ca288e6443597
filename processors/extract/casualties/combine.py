"""What the tolls of one incident in one text add up to: each person once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from processors.extract.casualties.sums import added, less, so_many
from processors.extract.casualties.toll import Toll
from processors.model import Count, EventType

ALL_SIDES = (EventType.ARMED_CLASH, EventType.RAID)
STRIKES = (
    EventType.AIRSTRIKE,
    EventType.DRONE_STRIKE,
    EventType.MISSILE,
)  # fighters hit by these are not the attackers
GENERAL = (None, "people", "persons", "person", "others", "dead")  # of either side
UNSORTED = frozenset({*GENERAL, "deaths", "fatalities", "casualties", "bodies", "victims"})  # no sort of people
LATER = frozenset({"died", "dies", "die", "dead", "succumbed", "succumbs", "perished"})  # what becomes of the wounded
TOGETHER = 140  # characters between two parts of one list
NEAR = 3  # sentences back in which "three others" finds those they are other than


@dataclass(frozen=True, slots=True)
class Combined:
    """People killed and hurt in an incident, as `model.Count` with the words that say it; None where nothing does."""

    killed: Count | None = None
    injured: Count | None = None
    attackers_killed: Count | None = None


def combine_tolls(tolls: Sequence[Toll], text: str, event_type: EventType | None = None) -> Combined:
    """Total over the parts of one incident. `tolls` are in the order of the document's `text`; the words of a total reach
    from its first part to its last.
    """
    told = _besides([_of_foes(t) for t in tolls if not (t.background or _is_claim(t, event_type))])
    killed = [t for t in told if t.slot == "killed" and _counts(t, told, event_type)]
    attackers = [t for t in told if t.slot == "attackers_killed" or (t.slot == "killed" and t not in killed)]
    if event_type in ALL_SIDES:
        dead = _all_sides([*killed, *attackers], text)
        lost = _total([t for t in attackers if t.group == "attackers"], text)
    else:
        dead, lost = _total(killed, text), _total(attackers, text)
        if dead is not None and (
            inside := [t.count for t in attackers if t.subset]
        ):  # "six dead, among them the bomber"
            dead = less(dead, inside, text)
    return Combined(dead, _injured([t for t in told if t.slot == "injured"], killed, dead, text), lost)


def _is_claim(toll: Toll, event_type: EventType | None) -> bool:
    """One side's word only: "neutralised" is a boast of a strike, and how a fight that both sides tell of is told."""
    return toll.boast or (toll.worded and (event_type not in ALL_SIDES or toll.count.max is None))


def _of_foes(toll: Toll) -> Toll:
    """ "neutralised 14 of them": fighters, though no word says so."""
    return replace(toll, whom="fighters", group="any") if toll.worded and toll.group == "victims" else toll


def _besides(tolls: Sequence[Toll]) -> list[Toll]:
    """ "two dead and three others wounded": others than the dead, not than those hurt who were told before."""
    kept: list[Toll] = []
    for number, toll in enumerate(tolls):
        before = [t for t in tolls[:number] if t.sentence >= toll.sentence - NEAR]
        apart = toll.more and before and toll.slot != max(before, key=lambda t: t.end).slot
        tended = toll.whole and _after_the_dead(toll, tolls)
        kept.append(replace(toll, more=toll.more and not apart, fresh=bool(apart), whole=toll.whole and not tended))
    return kept


def _after_the_dead(toll: Toll, tolls: Sequence[Toll]) -> bool:
    """ "One is dead. Three were taken to hospital": three others, where nobody is told to have died later."""
    dead = [t for t in tolls if t.slot == "killed" and t.count.min]
    earlier = bool(dead) and all(t.start < toll.start for t in dead)
    return toll.tended and toll.numbered and (toll.count.min or 0) > 1 and not toll.definite and earlier


def _all_sides(tolls: Sequence[Toll], text: str) -> Count | None:
    """Both sides together: a figure for people in general, or the sides' own figures added up, whichever is larger."""
    general = _total([t for t in tolls if t.whom in GENERAL], text)
    groups = [[t for t in tolls if t.group == g and t.whom not in GENERAL] for g in ("victims", "any", "attackers")]
    told = [c for g in groups if (c := _total(g, text)) is not None]
    owners = {t.own_of for t in tolls if t.own_of}
    losses = [c for owner in owners if (c := _total([t for t in tolls if t.own_of == owner], text)) is not None]
    if len(losses) > 1 and sum(c.min or 0 for c in losses) > max(c.min or 0 for c in (*told, *losses)):
        told = sorted(losses, key=lambda c: c.start or 0)
    if not told or (general is not None and (general.min or 0) >= sum(c.min or 0 for c in told)):
        return general
    return added([c for c in told if c.min or c.max is None] or told[:1], text)


def _counts(toll: Toll, tolls: Sequence[Toll], event_type: EventType | None) -> bool:
    """Fighters are victims where the event strikes them or both sides count, or where nobody else was harmed."""
    if event_type in STRIKES and toll.foe:
        return False
    if toll.group != "any" or event_type in (*ALL_SIDES, *STRIKES):
        return True
    return not any(t.group == "victims" and t.slot in ("killed", "injured") and t.count.min for t in tolls)


def _total(tolls: Sequence[Toll], text: str) -> Count | None:
    """The largest running total; else the largest of what lists and distinct names add up to."""
    told = [t for t in tolls if t.count.min is not None]
    running = [t for t in told if t.cumulative]
    if running:
        return max(running, key=lambda t: t.count.min or 0).count
    positive = [t for t in told if t.count.min or t.count.max]
    if not positive:
        return told[0].count if told else None
    best = max(_candidates(positive, text), key=lambda c: (c.min or 0, c.max is not None, c.max or 0))
    named = _named(positive, text)
    return named if named and (named.min or 0) > (best.min or 0) else best


def _candidates(tolls: Sequence[Toll], text: str) -> list[Count]:
    """Figures that each can be the whole: a single toll, or tolls that add up in one list or as further ones."""
    lists: list[list[Toll]] = []
    for toll in tolls:
        if lists and _adds(toll, lists[-1]):
            lists[-1].append(toll)
        else:
            lists.append([toll])
    return [added([t.count for t in part], text) for part in lists]


def _adds(toll: Toll, before: Sequence[Toll]) -> bool:
    """Are these other people than those told just before?"""
    last = before[-1]
    if toll.definite or toll.subset or last.subset:
        return False
    if toll.more:
        return True
    if toll.sentence != last.sentence or toll.start - last.end > TOGETHER or toll.whole != last.whole:
        return False
    if not toll.whom or toll.whom in {t.whom or toll.whom for t in before}:
        return False
    general = [t for t in (*before, toll) if t.whom in UNSORTED]
    if toll.numbered and last.numbered:
        return len(general) < 2
    return not general and _is_new(toll) and _is_new(last) and max(toll.count.min or 0, last.count.min or 0) > 1


def _is_new(toll: Toll) -> bool:
    """A number of people, or "a guard": nobody who was told before."""
    return toll.numbered or (toll.count.min == 1 and not toll.definite and not toll.names)


def _named(tolls: Sequence[Toll], text: str) -> Count | None:
    """Distinct named persons; "Hasan" after "Ali Hasan" is the same."""
    people: list[set[str]] = []
    told: list[Count] = []
    for toll in tolls:
        for name in toll.names:
            words = set(name.casefold().split())
            if not any(words <= known or known <= words for known in people):
                people.append(words)
                told.append(toll.count)
    return so_many(len(people), told, text) if told else None


def _injured(tolls: Sequence[Toll], killed: Sequence[Toll], dead: Count | None, text: str) -> Count | None:
    """Those hurt. Where a whole is said ("four people shot"), or somebody of them died later, the dead come off."""
    living = [t for t in tolls if not _died(t, killed)]
    lost = (dead.min or 0) if dead else 0
    certain = _total([t for t in living if not t.whole], text)
    at = (certain.start or 0) if certain else 0
    others = {t.count.start for t in living if t.more or t.fresh}
    late = [k.count for k in _gone(killed, tolls) if at < k.end and at not in others]  # told behind, they are living
    if dead is not None and _first_is_later(killed, tolls):
        late = max([dead], late, key=lambda counts: sum(c.min or 0 for c in counts))
    if certain is not None and certain.min and late:
        certain = less(certain, late, text) if certain.min > sum(c.min or 0 for c in late) else None
    whole = _total(living, text) if any(t.whole for t in living) else None
    if whole is not None and certain is None and (apart := _fewer_than_the_dead(living, lost)):
        return apart.count
    if whole is None or (whole.min or 0) - lost <= ((certain.min or 0) if certain else 0):
        return certain
    return less(whole, [dead] if dead else [], text)


def _fewer_than_the_dead(living: Sequence[Toll], lost: int) -> Toll | None:
    """ "Two rebels were killed. One guard received a wound": the dead cannot be among them."""
    told = [t for t in living if t.count.min]
    single = (
        len(told) == 1
        and told[0].tended
        and told[0].numbered
        and not told[0].definite
        and (told[0].count.min or 0) < lost
    )
    return told[0] if single else None


def _first_is_later(killed: Sequence[Toll], injured: Sequence[Toll]) -> bool:
    """The first who died was told of as hurt before: "one of the victims died"."""
    return bool(
        killed and killed[0].definite and killed[0].count.min and injured and injured[0].start < killed[0].start
    )


def _gone(killed: Sequence[Toll], injured: Sequence[Toll]) -> list[Toll]:
    """The dead who were told of as hurt right before: "Two were wounded. … The elder victim died"."""
    late = [k for k in killed if k.verb.text.lower() in LATER and (not k.names or k.of_hurt) and not k.cumulative]
    later = [k for k in late if k.of_hurt or k.whom == "both" or (k.definite and k.count.min == 1)]
    return [k for k in later if k.of_hurt or _antecedent(k, [*killed, *injured]) == "injured"]


def _antecedent(late: Toll, tolls: Sequence[Toll]) -> str | None:
    """What was told last before of the person that a definite toll speaks of."""
    before = [t for t in tolls if t.start < late.start and t.count.max != 0]
    return max(before, key=lambda t: t.start).slot if before else None


def _died(toll: Toll, killed: Sequence[Toll]) -> bool:
    """One person hurt who is told again among the dead: by name, or as the one person spoken of."""
    if toll.names:
        theirs = [set(n.casefold().split()) for k in killed for n in k.names]
        mine = [set(n.casefold().split()) for n in toll.names]
        return sum(any(m <= s or s <= m for s in theirs) for m in mine) >= (toll.count.min or 1)
    return toll.definite and toll.count.min == 1 and any(k.count.min == 1 for k in killed)
