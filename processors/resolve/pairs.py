"""Do two mentions tell one incident? A score by weighed evidence, a pure function of the two, that explains itself.

Above 0 speaks for one incident, below against; what either does not say weighs nothing. Scale: log-odds by feel. The
weights were set by hand and checked on streams pressed into few towns as well, so that a near neighbour is not taken
for the same.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

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

SAME_TYPE, VAGUE_TYPE, SAME_FAMILY, OTHER_FAMILY = 1.6, 0.4, -1.2, -3.0
COPY = 4.0  # one wording holds most of the other
COPY_AT = 0.5
SAME_COUNTRY_FAR = -4.5


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
    a, b = sorted((one, other), key=lambda s: (s.hour, s.digest))
    found = [*_place(a, b), *_days(a, b), _type(a, b), *_tolls(a, b), *_actors(a, b), *_words(a, b), *_links(a, b)]
    return [e for e in found if e.weight]


def _place(a: Signs, b: Signs) -> list[Evidence]:
    if a.spot is None or b.spot is None:
        return []
    far = distance_km(a.spot, b.spot)
    if a.spot.coarse or b.spot.coarse:
        reach = a.spot.radius + b.spot.radius
        weight = 1.0 if far <= reach else 0.0 if far <= 2 * reach else -3.0
        found = [Evidence("place", weight, f"{far:.0f} km apart, known to {reach:.0f} km")]
    else:
        weight = 3.0 if far <= 15 else 1.5 if far <= 40 else -1.0 if far <= 80 else SAME_COUNTRY_FAR
        found = [Evidence("place", weight, f"{far:.0f} km apart")]
    if a.spot.country and b.spot.country and a.spot.country != b.spot.country and far > 15:
        found.append(Evidence("country", -2.0, f"{a.spot.country} and {b.spot.country}"))
    return found


def distance_km(a: Spot, b: Spot) -> float:
    """Great-circle distance by the haversine formula."""
    p = math.pi / 180
    h = math.sin((b.lat - a.lat) * p / 2) ** 2
    h += math.cos(a.lat * p) * math.cos(b.lat * p) * math.sin((b.lon - a.lon) * p / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1.0, h)))


def _days(a: Signs, b: Signs) -> list[Evidence]:
    gap = max(0, a.first_day - b.last_day, b.first_day - a.last_day)
    if a.day_known and b.day_known:
        weight = (1.5, 0.2, -1.5)[gap] if gap <= 2 else -3.5
        found = [Evidence("day", weight, "same day" if not gap else f"{gap} days apart")]
    else:
        weight = 0.3 if not gap else max(-0.7 * gap, -3.0)
        found = [Evidence("day", weight, "days may agree" if not gap else f"at least {gap} days apart")]
    apart = math.log1p(abs(a.hour - b.hour)) - 4
    return [*found, Evidence("told", -0.3 * apart, "told days apart")] if apart > 0 else found


def same_family(one: E, other: E) -> bool:
    """Types that tellings of one incident may differ in."""
    return any(one in f and other in f for f in FAMILIES)


def _type(a: Signs, b: Signs) -> Evidence:
    types = f"{a.event_type.value} and {b.event_type.value}"
    if a.event_type == b.event_type:
        return Evidence("type", SAME_TYPE, f"both {a.event_type.value}")
    if not same_family(a.event_type, b.event_type):
        return Evidence("type", OTHER_FAMILY, types)
    return Evidence("type", VAGUE_TYPE if E.EXPLOSION in (a.event_type, b.event_type) else SAME_FAMILY, types)


def _tolls(a: Signs, b: Signs) -> list[Evidence]:
    found = []
    for slot, equal, differ in (("killed", 0.8, 1.0), ("injured", 0.6, 0.6)):
        x, y = getattr(a, slot), getattr(b, slot)
        if x is None or y is None:
            continue
        if x[0] == y[0]:
            weight = equal * (2 if x[0] >= 4 else 1 if x[0] else 0.5)
            found.append(Evidence(slot, weight, f"both {x[0]} {slot}"))
        else:
            ratio = min(2.0, abs(math.log((x[0] + 1) / (y[0] + 1))))
            found.append(Evidence(slot, -differ * ratio * 0.75, f"{x[0]} and {y[0]} {slot}"))
    return found


def _actors(a: Signs, b: Signs) -> list[Evidence]:
    found = []
    for kind, x, y, hit, miss in (
        ("perpetrator", a.perpetrators, b.perpetrators, 0.5, -0.6),
        ("weapon", a.weapons, b.weapons, 0.4, -0.6),
    ):
        if x and y:
            shared = sorted(x & y)
            found.append(Evidence(kind, hit if shared else miss, ", ".join(shared) or f"{sorted(x)} and {sorted(y)}"))
    return found


def _words(a: Signs, b: Signs) -> list[Evidence]:
    copied = containment(a.sketch, a.triples, b.sketch, b.triples)
    found = (
        [Evidence("copy", COPY, f"{copied:.0%} of one wording in the other")]
        if copied >= COPY_AT and min(a.triples, b.triples) > 3
        else []
    )
    if a.lang != b.lang:
        return found
    small, large = sorted((a.stems, b.stems), key=len)
    cosine = sum(w * large.get(s, 0.0) for s, w in small.items())
    rare = sorted(a.rare & b.rare)
    numbers = a.numbers & b.numbers
    return [
        *found,
        Evidence("wording", round(5 * cosine, 4), f"{cosine:.2f} alike"),
        Evidence("rare words", 0.35 * min(len(rare), 5), ", ".join(rare[:8])),
        Evidence("numbers", 0.15 * min(len(numbers), 4), ", ".join(sorted(numbers)[:8])),
    ]


def _links(a: Signs, b: Signs) -> list[Evidence]:
    if a.source_id == b.forwarded_from or b.source_id == a.forwarded_from:
        return [Evidence("forward", 1.5, "one forwards the other's source")]
    return []
