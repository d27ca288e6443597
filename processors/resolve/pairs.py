"""Do two mentions tell one incident? A score by weighed evidence, a pure function of the two, that explains itself.

Each piece of evidence is a trait of the pair (same day, towns 40 km apart …) times its weight in
`lexicon/pair_weights.toml`; what either mention does not say weighs nothing. The scale is log-odds: above 0 speaks for
one incident, below against. `tools/train_pairs.py` fits the weights, also on streams pressed into few towns, so that a
near neighbour is not taken for the same.
"""

import math
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from processors.errors import ResourceError
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


class Trait(NamedTuple):
    """A trait of a pair: its name in the table of weights, its strength, and the words for it."""

    name: str
    value: float
    why: str


class Evidence(NamedTuple):
    """One reason for or against: its kind, weight, and the words for it."""

    kind: str
    weight: float
    why: str


@lru_cache(maxsize=1 << 18)
def score(one: Signs, other: Signs) -> float:
    """The sum of the evidence; symmetric. Remembered, since it depends on nothing but the two."""
    return round(sum(e.weight for e in evidence(one, other)), 4)


def evidence(one: Signs, other: Signs) -> list[Evidence]:
    """Every reason for or against, with its weight. Order of the arguments does not matter."""
    table = weights()
    found = [Evidence(t.name, round(t.value * table[t.name], 4), t.why) for t in traits(one, other)]
    return [Evidence("base", table["base"], "before any evidence"), *(e for e in found if e.weight)]


@cache
def weights() -> dict[str, float]:
    """Weight of each trait, in log-odds."""
    raw = files("processors.lexicon").joinpath("pair_weights.toml").read_bytes()
    try:
        return msgspec.toml.decode(raw, type=dict[str, float])
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ResourceError(f"lexicon pair_weights.toml: {error}") from error


def traits(one: Signs, other: Signs) -> list[Trait]:
    """The traits of a pair, without what either does not say."""
    a, b = sorted((one, other), key=lambda s: (s.hour, s.digest))
    return [*_place(a, b), *_days(a, b), _type(a, b), *_tolls(a, b), *_actors(a, b), *_words(a, b), *_links(a, b)]


def _place(a: Signs, b: Signs) -> list[Trait]:
    if a.spot is None or b.spot is None:
        return []
    far = distance_km(a.spot, b.spot)
    if a.spot.coarse or b.spot.coarse:
        reach = a.spot.radius + b.spot.radius
        name = "area_holds" if far <= reach else "area_near" if far <= 2 * reach else "area_apart"
        found = [Trait(name, 1, f"{far:.0f} km apart, known to {reach:.0f} km")]
    else:
        name = (
            "towns_15_km"
            if far <= 15
            else "towns_40_km"
            if far <= 40
            else "towns_80_km"
            if far <= 80
            else "towns_apart"
        )
        found = [Trait(name, 1, f"{far:.0f} km apart")]
    if a.spot.country and b.spot.country and a.spot.country != b.spot.country and far > 15:
        found.append(Trait("other_country", 1, f"{a.spot.country} and {b.spot.country}"))
    return found


def distance_km(a: Spot, b: Spot) -> float:
    """Great-circle distance by the haversine formula."""
    p = math.pi / 180
    h = math.sin((b.lat - a.lat) * p / 2) ** 2
    h += math.cos(a.lat * p) * math.cos(b.lat * p) * math.sin((b.lon - a.lon) * p / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1.0, h)))


def _days(a: Signs, b: Signs) -> list[Trait]:
    gap = max(0, a.first_day - b.last_day, b.first_day - a.last_day)
    if a.day_known and b.day_known:
        found = [
            Trait(("day_same", "day_1_off", "day_2_off")[gap] if gap <= 2 else "day_apart", 1, f"{gap} days apart")
        ]
    elif gap:
        found = [Trait("day_misfit", min(gap, 5), f"at least {gap} days apart")]
    else:
        found = [Trait("day_fits", 1, "the days may agree")]
    apart = math.log1p(abs(a.hour - b.hour)) - 4
    return [*found, Trait("told_apart", min(apart, 3.0), "told days apart")] if apart > 0 else found


def same_family(one: E, other: E) -> bool:
    """Types that tellings of one incident may differ in."""
    return any(one in f and other in f for f in FAMILIES)


def _type(a: Signs, b: Signs) -> Trait:
    types = f"{a.event_type.value} and {b.event_type.value}"
    if a.event_type == b.event_type:
        return Trait("type_same", 1, f"both {a.event_type.value}")
    if not same_family(a.event_type, b.event_type):
        return Trait("type_other", 1, types)
    return Trait("type_vague" if E.EXPLOSION in (a.event_type, b.event_type) else "type_family", 1, types)


def _tolls(a: Signs, b: Signs) -> list[Trait]:
    found = []
    for slot in ("killed", "injured"):
        x, y = getattr(a, slot), getattr(b, slot)
        if x is None or y is None:
            continue
        if x[0] == y[0]:
            size = "many" if x[0] >= 4 else "few" if x[0] else "none"
            found.append(Trait(f"{slot}_same_{size}", 1, f"both {x[0]} {slot}"))
        else:
            ratio = min(2.0, abs(math.log((x[0] + 1) / (y[0] + 1))))
            found.append(Trait(f"{slot}_ratio", round(ratio, 4), f"{x[0]} and {y[0]} {slot}"))
    return found


def _actors(a: Signs, b: Signs) -> list[Trait]:
    found = []
    for kind, x, y in (("perpetrator", a.perpetrators, b.perpetrators), ("weapon", a.weapons, b.weapons)):
        if x and y:
            shared = sorted(x & y)
            name = f"{kind}_same" if shared else f"{kind}_other"
            found.append(Trait(name, 1, ", ".join(shared) or f"{sorted(x)} and {sorted(y)}"))
    return found


def _words(a: Signs, b: Signs) -> list[Trait]:
    copied = containment(a.sketch, a.triples, b.sketch, b.triples)
    found = (
        [Trait("copy", 1, f"{copied:.0%} of one wording in the other")]
        if copied >= COPY_AT and min(a.triples, b.triples) > 3
        else []
    )
    if a.lang != b.lang:
        return found
    small, large = sorted((a.stems, b.stems), key=len)
    cosine = sum(w * large.get(s, 0.0) for s, w in small.items())
    rare = sorted(a.rare & b.rare)
    numbers = a.numbers & b.numbers
    found += [Trait("wording", round(cosine, 4), f"{cosine:.2f} alike")]
    found += [Trait("rare_words", min(len(rare), 5), ", ".join(rare[:8]))] if rare else []
    found += [Trait("numbers", min(len(numbers), 4), ", ".join(sorted(numbers)[:8]))] if numbers else []
    unlike = cosine < UNLIKE and not rare and min(len(a.stems), len(b.stems)) >= LONG
    return [*found, Trait("unlike", 1, "two long tellings share no telling word")] if unlike else found


def _links(a: Signs, b: Signs) -> list[Trait]:
    if a.source_id == b.forwarded_from or b.source_id == a.forwarded_from:
        return [Trait("forward", 1, "one forwards the other's source")]
    if a.source_id == b.source_id and abs(a.hour - b.hour) < 24:
        return [Trait("same_source", 1, f"both by {a.source_id} within a day")]
    return []
