"""One incident's values from all that tells it: every rule in one place, each a pure function of the tellings that
stand.

type      weighed vote of the tellings; a blast of unknown kind weighs less than any method; ties go to the newest, but
          one telling against one changes nothing
when      the day most tellings give, then the most precise of those
places    see whereabouts.py
actors    perpetrators: named by itself, then by a responsible body, then by an outlet; denied ones stay as claims
tolls     see tolls.py
outcome   as a responsible body has it, else the vote; nothing told stays unknown
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from processors.model import Actor, Claim, EventType, Outcome, Weapon, When
from processors.resolve.cluster import figure
from processors.resolve.signs import NAMELESS, NAMING_KINDS
from processors.resolve.stems import WORD
from processors.resolve.told import Telling, denying, weight

VAGUE = 0.4  # what a blast of unknown kind weighs against a method
LEAD = 0.3  # of a telling, by which a type told but once must lead to replace one that led before
ATTACKS = frozenset(EventType) - {
    EventType.PROTEST,
    EventType.RIOT,
    EventType.THREAT,
    EventType.ACCIDENT,
    EventType.ARMED_CLASH,
    EventType.EXPLOSION,
    EventType.RAID,
}
MOST_ACTORS = 6
MOST_CLAIMS = 200
RANK_OF_CERTAINTY = {"claimed": 0, "reported": 1, "suspected": 2, "denied": 3, None: 2}
PRECISE = ("minute", "hour", "day", "week", "month", "year")


def event_type(tellings: Sequence[Telling]) -> EventType:
    """The type most tellings give, of equals the newest; what one telling alone gives must lead by `LEAD` to replace what
    led before it."""
    votes: dict[EventType, float] = defaultdict(float)
    tellers: Counter[EventType] = Counter()
    held = EventType.EXPLOSION
    for telling in tellings:
        kind = telling.entry.mention.event_type
        tellers[kind] += 1
        votes[kind] += weight(telling) * (VAGUE if kind is EventType.EXPLOSION else 1.0)
        best = max(votes, key=lambda t: (round(votes[t], 6), t is kind, t.value))
        if held is EventType.EXPLOSION or tellers[best] > 1 or votes[best] > votes[held] + LEAD:
            held = best
    return held


def when(tellings: Sequence[Telling]) -> When | None:
    """The day most tellings give; of those that give it the most precise, the first told. Without any day the
    shortest span.
    """
    known = [(t, t.entry.mention.when) for t in tellings]
    told = [(t, w) for t, w in known if w is not None]
    days: dict[str, float] = defaultdict(float)
    for telling, at in told:
        if at.local_date and at.precision in PRECISE[:3]:
            days[at.local_date] += weight(telling)
    if not days:
        return min((w for _, w in told), key=lambda w: (PRECISE.index(w.precision), w.start), default=None)
    day = max(sorted(days), key=lambda d: round(days[d], 6))
    fitting = [w for _, w in told if w.local_date == day and w.precision in PRECISE[:3]]
    return min(fitting, key=lambda w: PRECISE.index(w.precision))


def perpetrators(tellings: Sequence[Telling]) -> tuple[Actor, ...]:
    """Those named, the surest first: who says so itself, who is named as fact, who is suspected. Denials are claims, not
    actors, and "gunmen" or "a man" name nobody.
    """
    told = [a for t in tellings for a in t.entry.mention.perpetrators if a.certainty != "denied" and names_somebody(a)]
    return _actors(sorted(told, key=lambda a: RANK_OF_CERTAINTY[a.certainty]))


ALLIANCES = frozenset({"coalition", "alliance"})  # in a region there is but one that strikes


def names_somebody(actor: Actor) -> bool:
    """An organisation, a state's forces or a person by a name of its own, not by what anybody might be called."""
    if actor.country is not None:
        return True
    if actor.kind not in NAMING_KINDS and actor.name is None:
        return False
    words = WORD.findall(actor.name or actor.text)
    if ALLIANCES & {w.casefold() for w in words}:
        return True
    return any(w[0].isupper() and w.casefold() not in NAMELESS for w in words)


def targets(tellings: Sequence[Telling]) -> tuple[Actor, ...]:
    """What was struck, each once, the most often told first."""
    return _actors([a for t in tellings for a in t.entry.mention.targets])


def _actors(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """One actor a name; offsets go, since they point into some item."""
    kept: dict[str, Actor] = {}
    times: dict[str, int] = defaultdict(int)
    for actor in actors:
        key = (actor.name or actor.text).casefold()
        kept.setdefault(key, msgspec.structs.replace(actor, start=None, end=None))
        times[key] += 1
    return tuple(list(kept.values())[:MOST_ACTORS])


def weapons(tellings: Sequence[Telling]) -> tuple[Weapon, ...]:
    """One weapon a type, the most often told first; the words and the number as first told."""
    kept: dict[str, Weapon] = {}
    times: dict[str, float] = defaultdict(float)
    for telling in tellings:
        for weapon in telling.entry.mention.weapons:
            if weapon.type not in kept or (kept[weapon.type].count is None and weapon.count is not None):
                kept[weapon.type] = msgspec.structs.replace(weapon, start=None, end=None)
            times[weapon.type] += weight(telling)
    known = [k for k in kept if k != "unknown"] or list(kept)
    return tuple(kept[k] for k in sorted(known, key=lambda k: -round(times[k], 6)))


def outcome(tellings: Sequence[Telling]) -> Outcome:
    """As those responsible confirm it, else as most tell it; an attack that hurt people took effect; else unknown."""
    sure = [
        str(c.value) for t in tellings for c in t.entry.mention.claims if c.slot == "outcome" and c.stance == "confirms"
    ]
    told: dict[Outcome, float] = defaultdict(float)
    for telling in tellings:
        said = telling.entry.mention.outcome
        if said != "unknown":
            told[said] += weight(telling) + sure.count(said) * 0.5
    if told:
        return max(told, key=lambda o: (round(told[o], 6), o))
    hurt = any(figure(t.entry.signs.killed) or figure(t.entry.signs.injured) for t in tellings)
    return "hit" if hurt and event_type(tellings) in ATTACKS else "unknown"


def claims(tellings: Sequence[Telling]) -> tuple[Claim, ...]:
    """Every claim with the item and the time it was said in; a denial without one of its own becomes a claim
    against the occurrence.
    """
    found = []
    for telling in tellings:
        own = list(telling.entry.mention.claims)
        if denying(telling) and not any(c.stance == "denies" for c in own):
            own.append(_denial(telling))
        found += [
            msgspec.structs.replace(
                c, item=telling.record.item, at=telling.record.published_at, start=c.start, end=c.end
            )
            for c in own
        ]
    return tuple(found[-MOST_CLAIMS:])


def _denial(telling: Telling) -> Claim:
    mention = telling.entry.mention
    return Claim(
        slot="occurrence",
        value=mention.event_type.value,
        stance="denies",
        by=telling.record.source_id,
        quote=mention.trigger.text,
        start=mention.trigger.start,
        end=mention.trigger.end,
    )


def contested(found: Sequence[Claim]) -> tuple[str, ...]:
    """The slots that somebody denies while another says it, and the cause where more than one is named or it is left open."""
    denied = {c.slot for c in found if c.stance == "denies"}
    said = {c.slot for c in found if c.stance != "denies"} | {"occurrence"}
    causes = {str(c.value) for c in found if c.slot == "cause" and c.stance != "denies"}
    rival = {"cause"} if len(causes) > 1 else set()
    return tuple(sorted(denied & (said | {"perpetrator"}) | rival))


def first_and_last(tellings: Sequence[Telling]) -> tuple[datetime, datetime]:
    """When it was first reported, and when last."""
    times = [t.record.published_at for t in tellings]
    return min(times), max(times)
