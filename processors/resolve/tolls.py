"""Killed and injured over time: the latest figure of each line of reporting that is alive, then the range across lines.

A line is a class of speaker (officials, medics, locals …), else the speaker's name. It is alive when it spoke last no
earlier than `ALIVE` before the newest figure first appeared, or repeated itself since; so replaced figures go and real
disputes stay. `best` is the newest figure that is no party's boast. What a round-up says counts where nothing else does.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

import msgspec

from processors.lexicon.load import load
from processors.model import Claim, Count, Tally
from processors.resolve.signs import NAMELESS
from processors.resolve.stems import words_of
from processors.resolve.told import Telling

ALIVE = timedelta(hours=6)
OUTLET = "outlet"
Slot = Literal["killed", "injured", "attackers_killed"]
SLOTS: tuple[Slot, ...] = ("killed", "injured", "attackers_killed")
# Of the last figure by name: an outlet's own below that tells of some only. The dead do not grow fewer, the hurt do.
PART: dict[Slot, float] = {"killed": 1.0, "injured": 0.5, "attackers_killed": 1.0}


class SpeakerClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    words: frozenset[str]
    unless: tuple[str, ...] = ()


class Speakers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"classes": "class"}):
    classes: tuple[SpeakerClass, ...]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure: who gave it when. `high` is None where it is open ("at least")."""

    slot: Slot
    low: int
    high: int | None
    at: datetime
    line: str
    item: str
    boast: bool = False
    passing: bool = False  # told in an item of many deeds, where a figure may be another's


@cache
def _classes() -> dict[str, SpeakerClass]:
    return {c.name: c for c in load("reporting_lines", Speakers).classes}


def line_of(by: str, source_id: str, parties: frozenset[str] = frozenset()) -> str:
    """The line of reporting that a speaker belongs to. `parties`: words of the perpetrators' names."""
    words = frozenset(words_of(by))
    if not by or by == source_id:
        return OUTLET
    if words & parties:
        return "party"
    for kind in _classes().values():
        if words & kind.words and not any(words & _classes()[u].words for u in kind.unless):
            return kind.name
    return " ".join(sorted(words))


def tally(slot: Slot, tellings: Sequence[Telling], parties: frozenset[str]) -> Tally | None:
    """The toll over all tellings, oldest first; None where nobody gives a number."""
    found = figures(slot, tellings, parties)
    own = [f for f in found if not f.passing]
    alive = alive_figures(own if any(not f.boast for f in own) else found)
    if not alive:
        return None
    newest = max(f.at for f in alive)
    best = max(f.low for f in alive if f.at == newest)
    low = min(f.low for f in alive)
    return Tally(min=low, max=max([best, *(f.low if f.high is None else f.high for f in alive)]), best=best)


def alive_figures(found: Sequence[Figure]) -> list[Figure]:
    """The latest figure of each line that is alive; boasts only where there is nothing else, and then not at all."""
    serious = [f for f in found if not f.boast]
    named = [f for f in serious if f.line != OUTLET]
    told = sorted(named + _news_of_outlets(serious, named), key=lambda f: f.at) or serious
    if not told:
        return []
    last = max(f.at for f in told)
    newest = {f.low for f in told if f.at == last}
    first = min(f.at for f in told if f.low in newest)
    latest = {line: max(f.at for f in told if f.line == line) for line in {f.line for f in told}}
    kept = [f for f in told if f.at == latest[f.line] and f.at >= first - ALIVE]
    return kept or [f for f in told if f.at == last]


def _news_of_outlets(serious: Sequence[Figure], named: Sequence[Figure]) -> list[Figure]:
    """An outlet's own figure counts where no one is named, or where it is newer than all and new, and not where it tells
    of some only. It is no news where a later outlet has a figure again that was known before: then it was an old one
    itself."""
    outlets = [f for f in serious if f.line == OUTLET]
    news = [
        f for f in outlets if all(n.at < f.at for n in named) and f.low not in {g.low for g in serious if g.at < f.at}
    ]
    all_told = [f for f in news if not _outvoted(f, outlets)]
    return [f for f in all_told if not (named and (_overtaken(f, serious) or _partial(f, named)))]


def _outvoted(figure: Figure, outlets: Sequence[Figure]) -> bool:
    """Two items had told of more dead before: rather the latest to die than all."""
    more = {f.item for f in outlets if f.low > figure.low and f.at < figure.at}
    return figure.slot != "injured" and len(more) > 1


def _partial(figure: Figure, named: Sequence[Figure]) -> bool:
    """Fewer than somebody by name last said: rather some of them, or the latest one, than all."""
    newest = max(n.at for n in named)
    return figure.low < PART[figure.slot] * min(n.low for n in named if n.at == newest)


def _overtaken(figure: Figure, serious: Sequence[Figure]) -> bool:
    """A later telling has a higher figure that had been told before this one."""
    known = {f.low for f in serious if f.at < figure.at and f.low > figure.low}
    return any(f.low in known for f in serious if f.at > figure.at)


def figures(slot: Slot, tellings: Sequence[Telling], parties: frozenset[str]) -> list[Figure]:
    """Every figure that the tellings give for a slot, with its line."""
    found = []
    for telling in tellings:
        claims = [c for c in telling.entry.mention.claims if c.slot == slot and c.stance != "denies"]
        spoken = [(c, count) for c in claims if (count := count_of(c.value)) is not None]
        own = getattr(telling.entry.mention, slot)
        if own is not None and (own.min is not None or own.max is not None):
            by = next((c for c, count in spoken if (count.min, count.max) == (own.min, own.max)), None)
            found.append(_figure(slot, own, telling, by, parties))
            spoken = [(c, count) for c, count in spoken if c is not by]
        found += [_figure(slot, count, telling, claim, parties) for claim, count in spoken]
    return found


def _figure(slot: Slot, count: Count, telling: Telling, claim: Claim | None, parties: frozenset[str]) -> Figure:
    by = claim.by if claim else telling.record.source_id
    line = line_of(by, telling.record.source_id, parties)
    open_below = claim is not None and claim.stance == "claims" and not count.min and bool(count.max)
    return Figure(
        slot=slot,
        low=count.min or 0,
        high=count.max,
        at=telling.record.published_at,
        line=line,
        item=telling.record.item,
        passing=telling.entry.round_up,
        boast=open_below or (claim is not None and claim.stance == "claims" and line == "party"),
    )


def count_of(value: Any) -> Count | None:
    """A claim's value as a count: a Count, {min, max}, a pair, a number, or a text that is one."""
    if isinstance(value, Count):
        return value
    if isinstance(value, dict):
        return Count(min=value.get("min"), max=value.get("max")) if {"min", "max"} & value.keys() else None
    if isinstance(value, list | tuple) and len(value) == 2:
        return Count(min=value[0], max=value[1])
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    return Count(min=value, max=value) if isinstance(value, int) and not isinstance(value, bool) else None


def party_words(names: Sequence[str]) -> frozenset[str]:
    """The telling words of the perpetrators' names."""
    return frozenset(w for n in names for w in words_of(n)) - NAMELESS
