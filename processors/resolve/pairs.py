"""Do two mentions tell one incident? A score by weighed evidence, a pure function of the two, that explains itself.

Each piece of evidence is a trait of the pair (same day, towns 40 km apart …) times its weight in
`lexicon/pair_weights.toml`; what either mention does not say weighs nothing. The scale is log-odds: above 0 speaks for
one incident, below against. `tools/train_pairs.py` fits the weights, also on streams pressed into few towns, so that a
near neighbour is not taken for the same.
"""

import math
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from processors.errors import ResourceError
from processors.geo import km
from processors.model import EventType as E
from processors.resolve.signs import Signs, Spot
from processors.resolve.stems import containment

Similarity = Callable[[Signs, Signs], float | None]  # a weight from elsewhere (embeddings); None: nothing to say

BLASTS = frozenset(
    {E.AIRSTRIKE, E.DRONE_STRIKE, E.MISSILE, E.BOMBING, E.SUICIDE_BOMBING, E.LANDMINE, E.EXPLOSION, E.ACCIDENT,
    E.ARSON, E.ASSASSINATION} )  # fmt: skip
ARMED = frozenset(
    {E.SHOOTING, E.ASSAULT, E.ARMED_CLASH, E.ASSASSINATION, E.ABDUCTION, E.RAID, E.SEXUAL_VIOLENCE, E.RIOT, E.MISSILE}
)
CROWDS = frozenset({E.PROTEST, E.RIOT, E.ARSON, E.THREAT})
FAMILIES = (BLASTS, ARMED, CROWDS)

COPY_AT = 0.5  # of one wording in the other
LONG = 25  # stems from which a wording says enough to be missed in the other
UNLIKE = 0.06  # cosine of two long wordings below which they have next to nothing in common


NEAR = 40.0  # km
SAME_HOUR, OTHER_HOUR = 1.0, 3.0  # hours between two times of day
SOON = 12.0  # hours within which a source goes on about what it told last
TELLING = 2  # so many telling words in common are hardly chance

HOPELESS = -7.0  # from place, day and type alone: nothing in the wording could make up for it
MOST_SCORES = 1 << 16  # remembered, some 150 bytes each


class Trait(NamedTuple):
    """A trait of a pair: its name in the table of weights, its strength, and the words for it with what goes into them."""

    name: str
    value: float
    form: str
    facts: tuple[object, ...] = ()


class Evidence(NamedTuple):
    """One reason for or against: its kind, weight, and the words for it."""

    kind: str
    weight: float
    why: str


def score(one: Signs, other: Signs) -> float:
    """The sum of the evidence; symmetric. Remembered by digest, since it depends on nothing but the two."""
    a, b = (one, other) if one.digest <= other.digest else (other, one)
    known, pair = _known_scores(), (a.digest, b.digest)
    if (found := known.get(pair)) is None:
        if len(known) >= MOST_SCORES:
            known.clear()
        found = known[pair] = _score(a, b)
    return found


@cache
def _known_scores() -> dict[tuple[int, int], float]:
    return {}


def _score(a: Signs, b: Signs) -> float:
    table = weights()
    frame = table["base"] + sum([strength * table[name] for name, strength in _frame(a, b)])
    if frame <= HOPELESS:
        return frame
    return frame + sum([t.value * table[t.name] for t in _details(a, b)])


def forget_scores() -> None:
    """Scores that are remembered go: for measuring with other weights."""
    _known_scores().clear()


def evidence(one: Signs, other: Signs) -> list[Evidence]:
    """Every reason for or against, with its weight."""
    table = weights()
    a, b = (one, other) if one.digest <= other.digest else (other, one)
    found = [Evidence(t.name, round(t.value * table[t.name], 4), t.form.format(*t.facts)) for t in traits(a, b)]
    return [Evidence("base", table["base"], "before any evidence"), *(e for e in found if e.weight)]


@cache
def weights() -> dict[str, float]:
    """Weight of each trait, in log-odds."""
    raw = files("processors.lexicon").joinpath("pair_weights.toml").read_bytes()
    try:
        return msgspec.toml.decode(raw, type=dict[str, float])
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ResourceError(f"lexicon pair_weights.toml: {error}") from error


def traits(a: Signs, b: Signs) -> list[Trait]:
    """The traits of a pair, without what either does not say. A hopeless pair's actors and wordings are not compared."""
    table = weights()
    found = [Trait(name, strength, _frame_words(name, a, b)) for name, strength in _frame(a, b)]
    if table["base"] + sum([t.value * table[t.name] for t in found]) > HOPELESS:
        found += _details(a, b)
    return found


def _frame(a: Signs, b: Signs) -> list[tuple[str, float]]:
    """Where, when and what: names of the traits with their strength."""
    found = [_days(a, b), (_type(a, b), 1.0)]
    if a.spot is not None and b.spot is not None:
        found.append((_place(a.spot, b.spot), 1.0))
        if a.spot.country != b.spot.country and a.spot.country and b.spot.country and found[-1][0] != "towns_15_km":
            found.append(("other_country", 1.0))
    apart = math.log1p(abs(a.hour - b.hour)) - 4
    if apart > 0:
        found.append(("told_apart", min(apart, 3.0)))
    return found


def _details(a: Signs, b: Signs) -> list[Trait]:
    """Tolls, actors, weapons, wording and links."""
    found = [*_clocks(a, b), *_tolls(a, b), *_actors(a, b), *_words(a, b), *_links(a, b)]
    return found + _despite_places(a, b, {t.name for t in found})


def _despite_places(a: Signs, b: Signs, found: set[str]) -> list[Trait]:
    """What names and telling words say of the place where the places found for both don't speak for one incident: a
    target that was not made out, or was taken for a town of the same name, is a common error."""
    rare = len(a.rare & b.rare) if a.lang == b.lang else 0
    if a.spot is None or b.spot is None:
        if _names_spot(a, b) or _names_spot(b, a):
            return [Trait("named_town", 1, "one names the town, which the other has for its target")]
        if a.spot is None and b.spot is None and _near_any(a.named, b.named):
            return [Trait("named_both", 1, "both name a town, neither as the target")]
        silent = not rare and "copy" not in found
        return [Trait("nowhere", 1, "no place to compare, and no telling word shared")] if silent else []
    if near(a.spot, b.spot):
        return []
    doubts = []
    if a.town and a.town == b.town:
        doubts.append(Trait("namesake", 1, "two towns called {}", (a.town,)))
    elif _names_spot(a, b) or _names_spot(b, a):
        doubts.append(Trait("named_too", 1, "one also names the town that is the other's target"))
    if rare >= TELLING and a.event_type is b.event_type:
        doubts.append(Trait("misplaced", 1, "of one type with {} telling words in common", (rare,)))
    return doubts


def _names_spot(one: Signs, other: Signs) -> bool:
    """One names the other's target town beside its own."""
    return other.spot is not None and not other.spot.coarse and _near_any(one.named, (other.spot,))


def _near_any(some: tuple[Spot, ...], others: tuple[Spot, ...]) -> bool:
    return any(abs(s.lat - o.lat) < 1 and near(s, o) for s in some for o in others)


def near(a: Spot, b: Spot) -> bool:
    """Whether two spots may be one place."""
    return apart_km(a, b) <= max(NEAR, a.radius + b.radius)


def _place(a: Spot, b: Spot) -> str:
    if abs(a.lat - b.lat) > 1 and not a.coarse and not b.coarse:
        return "towns_apart"
    far = apart_km(a, b)
    if a.coarse or b.coarse:
        reach = a.radius + b.radius
        return "area_holds" if far <= reach else "area_near" if far <= 2 * reach else "area_apart"
    return "towns_15_km" if far <= 15 else "towns_40_km" if far <= 40 else "towns_80_km" if far <= 80 else "towns_apart"


def _days(a: Signs, b: Signs) -> tuple[str, float]:
    gap = max(0, a.first_day - b.last_day, b.first_day - a.last_day)
    if a.day_known and b.day_known:
        return ("day_same", "day_1_off", "day_2_off")[gap] if gap <= 2 else "day_apart", 1.0
    return ("day_misfit", min(gap, 5)) if gap else ("day_fits", 1.0)


def _clocks(a: Signs, b: Signs) -> list[Trait]:
    """Two strikes on one town and day differ in the hour."""
    if a.clock is None or b.clock is None:
        return []
    gap = max(0.0, a.clock[0] - b.clock[1], b.clock[0] - a.clock[1])
    if SAME_HOUR < gap < OTHER_HOUR:
        return []
    return [Trait("hour_same" if gap <= SAME_HOUR else "hour_other", 1, "{:.1f} hours between", (gap,))]


def _type(a: Signs, b: Signs) -> str:
    if a.follow_up or b.follow_up:
        return "type_vague"
    if a.event_type is b.event_type:
        return "type_same"
    if not same_family(a.event_type, b.event_type):
        return "type_other"
    return "type_vague" if E.EXPLOSION in (a.event_type, b.event_type) else "type_family"


def _frame_words(name: str, a: Signs, b: Signs) -> str:
    """What stands behind a trait of place, time or type."""
    if name.startswith(("towns", "area")) and a.spot and b.spot:
        return f"{apart_km(a.spot, b.spot):.0f} km apart, known to {a.spot.radius + b.spot.radius:.0f} km"
    if name == "other_country" and a.spot and b.spot:
        return f"{a.spot.country} and {b.spot.country}"
    if name.startswith("type"):
        return f"{a.event_type.value} and {b.event_type.value}"
    if name == "told_apart":
        return f"told {abs(a.hour - b.hour):.0f} hours apart"
    return f"{max(0, a.first_day - b.last_day, b.first_day - a.last_day)} days apart"


def apart_km(a: Spot, b: Spot) -> float:
    """Between the middles of two spots."""
    return km(a.lat, a.lon, b.lat, b.lon)


@cache
def same_family(one: E, other: E) -> bool:
    """Types that tellings of one incident may differ in."""
    return any(one in f and other in f for f in FAMILIES)


def _tolls(a: Signs, b: Signs) -> list[Trait]:
    found = []
    for slot, x, y in (("killed", a.killed, b.killed), ("injured", a.injured, b.injured)):
        if x is None or y is None:
            continue
        if x[0] == y[0]:
            size = "many" if x[0] >= 4 else "few" if x[0] else "none"
            found.append(Trait(f"{slot}_same_{size}", 1, "both {} {}", (x[0], slot)))
        else:
            ratio = min(2.0, abs(math.log((x[0] + 1) / (y[0] + 1))))
            found.append(Trait(f"{slot}_ratio", ratio, "{} and {} {}", (x[0], y[0], slot)))
    return found


def _actors(a: Signs, b: Signs) -> list[Trait]:
    found = []
    for kind, x, y in (("perpetrator", a.perpetrators, b.perpetrators), ("weapon", a.weapons, b.weapons)):
        if x and y:
            shared = x & y
            name = f"{kind}_same" if shared else f"{kind}_other"
            found.append(Trait(name, 1, "{}", (_listed(shared),) if shared else (_listed(x | y),)))
    return found


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words)[:8])


def _words(a: Signs, b: Signs) -> list[Trait]:
    copied = containment(a.sketch, a.triples, b.sketch, b.triples)
    found = []
    if copied >= COPY_AT and min(a.triples, b.triples) > 3:
        found.append(Trait("copy", 1, "{:.0%} of one wording in the other", (copied,)))
    if a.lang != b.lang:
        return found
    small, large = (a.stems, b.stems) if len(a.stems) <= len(b.stems) else (b.stems, a.stems)
    cosine = sum(w * large[s] for s, w in small.items() if s in large)
    rare, numbers = a.rare & b.rare, a.numbers & b.numbers
    found.append(Trait("wording", cosine, "{:.2f} alike", (cosine,)))
    if rare:
        found.append(Trait("rare_words", min(len(rare), 5), "{}", (_listed(rare),)))
    if numbers:
        found.append(Trait("numbers", min(len(numbers), 4), "{}", (_listed(numbers),)))
    if cosine < UNLIKE and not rare and len(small) >= LONG:
        found.append(Trait("unlike", 1, "two long tellings share no telling word"))
    return found


def _links(a: Signs, b: Signs) -> list[Trait]:
    if a.source_id == b.forwarded_from or b.source_id == a.forwarded_from:
        return [Trait("forward", 1, "one forwards the other's source")]
    apart = abs(a.hour - b.hour)
    if a.source_id == b.source_id and (a.reply_to == b.external_id or b.reply_to == a.external_id):
        return [Trait("reply", 2 if a.follow_up or b.follow_up else 1, "one answers the other's post")]
    if a.source_id != b.source_id or apart >= 24:
        return []
    found = [Trait("same_source", 1, "both by {} within a day", (a.source_id,))]
    later = a if a.hour > b.hour else b
    if apart <= SOON and later.spot is None and not later.named and _type(a, b) in ("type_same", "type_vague"):
        found.append(Trait("goes_on", 1, "{} goes on without saying where", (a.source_id,)))
    return found
