"""Which names lie in the town that a report is from, or in the place told behind them, whatever town bears them elsewhere?"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from processors.geo import km
from processors.places import lexicon
from processors.places.streets import is_road
from processors.places.toponyms import Toponym, is_point

SURE = 0.5  # a name that means its place with less may be a quarter or a street of the place that the report is from
INSIDE_KM = 10.0  # radius of a quarter or street that only its town is known of
APART_KM = 40.0  # so far from its town no quarter lies
STATED = frozenset({"US", "CA", "AU"})  # where news tells a town's state unless it is the report's own
WELL_KNOWN = 200_000  # a town of so many people is told without
_WITHIN = re.compile(
    r" (?:(?:quarter|district|neighbou?rhood|area|section|suburb|ward|street|market|camp|community|village|hamlet|settlement|town) "
    r"(?:of|in)|in) (?:the )?(?:city of |town of )?"
)
_BESIDE = re.compile(
    r"(?: (?:village|hamlet|township|town|area|community))?,? (?:(?:in|near|outside) )?(?:the )?\(?|"
    r", an? (?:[\w-]+ ){0,2}(?:village|town|hamlet|settlement|suburb|community|locality|quarter) "
    r"(?:in|of|near|outside|on the edge of|just outside) (?:the )?"
)
_APPOSED = re.compile(
    r"(?: (?:village|town|city|hamlet|settlement|suburb|community|camp))?"
    r", (?:(?:about|some|around|roughly|nearly|almost|just|which|is|located|situated|lying) )*"
    r"(?:an? (?:[\w-]+ ){0,2}(?:village|town|city|hamlet|settlement|suburb|community|camp) )?(?:about |some )?"
)
BEARINGS = frozenset({"distance", "direction", "near"})
_OWNED = re.compile(r"[A-Z][\w ]+['’]s (?:[\w-]+ )?$")
_OWNER = re.compile(r"['’]s (?:[\w-]+ ){0,2}")  # "Ruritania's eastern X"
_QUARTER = re.compile(r" (?:neighbou?rhood|quarter|suburb|section|ward)\b")


def quarters(text: str, names: Sequence[Toponym], home: Toponym | None) -> list[Toponym]:
    """ "The X quarter of Y", "X in Y", "X, Y": an X that the gazetteer knows only far from the town Y, or not at all."""
    out = [inside(name, home) if home is not None and _is_quarter(text, name, home) else name for name in names]
    for number in reversed(range(len(names) - 1)):  # "X village, Y township, Z region": from the widest inwards
        inner, area = names[number], _area(text, names, out, number + 1)
        usable = area.lat is not None and area.score >= SURE and area.precision != "country"
        if usable and (area.relation is None or area.relation in BEARINGS) and _lies_in(text, inner, area):
            out[number] = inside(inner, area)
    return out


def _area(text: str, names: Sequence[Toponym], placed: Sequence[Toponym], number: int) -> Toponym:
    """The name of that number; of "Ruritania's Harrow" the second."""
    area, after = placed[number], names[number + 1] if number + 1 < len(names) else None
    owner = after is not None and area.precision == "country" and _OWNER.fullmatch(text[area.end : after.start])
    return after if owner and after is not None else area


def _lies_in(text: str, inner: Toponym, area: Toponym) -> bool:
    """Do the words between the two say so, of a name that is unknown or known only far away?"""
    gap = _OWNED.sub("", text[inner.end : area.start])
    if inner.lat is not None:
        return is_point(area) and _apart(inner, area) > APART_KM and bool(_WITHIN.fullmatch(gap))
    if is_road(inner.text):
        return False
    if gap == ", " and _speaks().match(text, area.end):  # "shots at X, Harrow denies"
        return False
    bearing = area.relation is not None and _APPOSED.fullmatch(gap)
    return bool(bearing or _BESIDE.fullmatch(gap) or _WITHIN.fullmatch(gap))


@cache
def _speaks() -> re.Pattern[str]:
    verbs = "|".join(sorted(verb.removesuffix("y") for verb in lexicon.role_cues().speaking))
    return re.compile(rf" (?:{verbs})(?:y|s|d|ed|ies|ied)?\b|'s \w+ (?:{verbs})(?:s|d|ed|ies|ied)\b")


def descriptions(text: str, names: Sequence[Toponym]) -> frozenset[int]:
    """Where the bearings begin that only tell where a known place lies: "in X, south of Y"."""
    return frozenset(
        bearing.start
        for name, bearing in itertools.pairwise(sorted(names, key=lambda t: t.start))
        if bearing.relation in BEARINGS and name.lat is not None and is_point(name)
        and name.relation in (None, "near")
        and _APPOSED.fullmatch(text[name.end : bearing.start])
    )  # fmt: skip


def _is_quarter(text: str, name: Toponym, home: Toponym) -> bool:
    """ "the X neighbourhood" of a report from elsewhere than the X that the gazetteer knows."""
    return is_point(home) and _apart(name, home) > APART_KM and bool(_QUARTER.match(text, name.end))


def _apart(one: Toponym, other: Toponym) -> float:
    """Kilometres; 0 for what is no point."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None or not is_point(one):
        return 0.0
    return km(one.lat, one.lon, other.lat, other.lon)


def fits(text: str, toponym: Toponym, home: Toponym | None) -> bool:
    """Is the name's place believable? One that is unsure and lies elsewhere than the report's own place is not; nor is
    a small town of another state that is told without it, where states go with towns."""
    if home is None or not is_point(toponym) or (toponym.country, toponym.admin1) == (home.country, home.admin1):
        return True
    if toponym.country == home.country and toponym.country in STATED and toponym.population < WELL_KNOWN:
        return bool(toponym.admin1) and _names_state(text, str(toponym.admin1))
    return toponym.score >= SURE or home.score < SURE


def _names_state(text: str, state: str) -> bool:
    """Is a state named, in full or by one of its abbreviations?"""
    return state in text or any(
        re.search(rf"\b{re.escape(short)}(?!\w)", text) for short in lexicon.short_forms().get(state, ())
    )


def inside(name: Toponym, home: Toponym) -> Toponym:
    """A quarter, street or site that no gazetteer knows, or only elsewhere, at the town that it lies in."""
    return replace(
        name, name=name.text, country=home.country, admin1=home.admin1, lat=home.lat, lon=home.lon, geonameid=None,
        precision=home.precision, radius_km=max(INSIDE_KM, home.radius_km or 0.0), kind=home.kind,
    )  # fmt: skip


def somewhere(name: Toponym, area: Toponym) -> Toponym:
    """A place of which only the area is known: at the area's point, as precise as that is."""
    return replace(
        name, name=name.text, country=area.country, admin1=area.admin1, lat=area.lat, lon=area.lon, geonameid=None,
        precision=area.precision, radius_km=area.radius_km,
    )  # fmt: skip
