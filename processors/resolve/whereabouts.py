"""Where an incident took effect, and from where, when its tellings disagree.

Each telling votes for what it names as the target, and with half its weight for what else it names, so a town that all
tellings know of outweighs a dateline. A province stands behind every town in it; a town that next to nobody stands
behind gives way to the province that most tellings name.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from processors.model import Place, Role
from processors.resolve.pairs import apart_km
from processors.resolve.signs import RADIUS_KM, spot_of
from processors.resolve.told import Telling, weight

ONE_SPOT = 30.0  # km within which two points are one place
NAMED = 0.5  # of a telling's weight, for a place it only mentions
SOLITARY = 0.5  # of the best vote, below which a town gives way to the area most tellings name
AMBIGUOUS = 60.0  # km
Names = set[tuple[str | None, str | None]]
TOWNS = frozenset({"exact", "locality"})


def places(tellings: Sequence[Telling]) -> tuple[Place, ...]:
    """The target first, then the launch area; each left out where no telling gives it with coordinates."""
    return tuple(p for role in ("target", "origin") for p in _place(tellings, role))


def _place(tellings: Sequence[Telling], role: Role) -> list[Place]:
    voters = _voters(tellings)
    named = _apart(p for told, _ in voters for p in told if p.role == role and p.lat is not None)
    if not named:
        return []
    votes = [(round(sum(weight * _share(told, p, role) for told, weight in voters), 6), p) for p in named]
    most = max(v for v, _ in votes)
    provinces = _provinces(tellings)
    towns = [(v, p) for v, p in votes if p.precision in TOWNS and (p.name, p.country) not in provinces]
    chosen = [(v, p) for v, p in towns if v >= most * SOLITARY] or votes
    best = max(v for v, _ in chosen)
    return [min((p for v, p in chosen if v == best), key=lambda p: _reach(p, provinces))]


def _voters(tellings: Sequence[Telling]) -> list[tuple[tuple[Place, ...], float]]:
    """The places that tellings name, and the weight of all that name the same: many tellings name few places."""
    weights: dict[tuple[object, ...], float] = defaultdict(float)
    named: dict[tuple[object, ...], tuple[Place, ...]] = {}
    for telling in tellings:
        told = telling.entry.mention.places
        key = tuple((p.role, *_spot(p)) for p in told)
        named.setdefault(key, told)
        weights[key] += weight(telling)
    return [(named[key], total) for key, total in weights.items()]


def _apart(places: Iterable[Place]) -> list[Place]:
    """Each place once, as first named."""
    found: dict[tuple[object, ...], Place] = {}
    for place in places:
        found.setdefault(_spot(place), place)
    return list(found.values())


def _spot(place: Place) -> tuple[object, ...]:
    return place.name, place.country, place.precision, place.lat, place.lon, place.radius_km


def _reach(place: Place, provinces: Names) -> float:
    """Within how many km it may lie; a town whose name may mean its province is less precise than a small district."""
    if place.precision in TOWNS:
        return AMBIGUOUS if (place.name, place.country) in provinces else RADIUS_KM[place.precision]
    return place.radius_km or RADIUS_KM[place.precision]


def _share(told: Sequence[Place], place: Place, role: Role) -> float:
    """How much of a vote goes to a place: all of it, half of it, or nothing."""
    if any(p.role == role and _agree(p, place) for p in told):
        return 1.0
    if role == "target" and any(p.role == "mentioned" and p.precision in TOWNS and _agree(p, place) for p in told):
        return NAMED
    return 0.0


def _provinces(tellings: Sequence[Telling]) -> Names:
    """Names that stand for a province: so read by some telling, or the province of a town that is named beside it. A
    town of the same name is then no better than the province."""
    told = [p for t in tellings for p in t.entry.mention.places]
    whole = {(p.name, p.country) for p in told if p.precision == "admin1" and p.name}
    return whole | {
        (p.admin1, p.country)
        for p in told
        if p.admin1 and p.role == "target" and p.precision in TOWNS and p.name != p.admin1
    }


def _agree(one: Place, other: Place) -> bool:
    a = spot_of((msgspec.structs.replace(one, role="target"),))
    b = spot_of((msgspec.structs.replace(other, role="target"),))
    return a is not None and b is not None and apart_km(a, b) <= max(ONE_SPOT, a.radius, b.radius)
