"""Where is "20 km north of X", "near X", "off X", "between A and B", "the A–B road"? The phrase's own point and radius."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from processors.geo import km
from processors.places import lexicon
from processors.places.records import Kind
from processors.places.spans import Line
from processors.places.toponyms import Relation, Toponym

SHARE = 1 / 3  # of the distance told is the radius of the point it gives
FARTHEST_KM = 300.0  # beyond it no distance or pair of towns tells a place
KM_PER_DEGREE = 111.2
_ROAD = re.compile(r"\s*(?:road|highway|motorway|route|axis|line|railway|corridor)\b", re.I)


def relate(text: str, line: Line, found: Sequence[Toponym]) -> list[Toponym]:
    """The line's toponyms, those with a relation before them grown to the whole phrase; "between A and B" stands beside A and B."""
    out = []
    for number, toponym in enumerate(found):
        before = line.text[: toponym.start - line.start]
        previous = found[number - 1] if number else None
        if previous is not None and (pair := _between(text, line, previous, toponym)):
            out.append(pair)
        out.append(_related(text, line, before, toponym) if _is_point(toponym) else toponym)
    return out


def _is_point(toponym: Toponym) -> bool:
    return toponym.lat is not None and toponym.kind is not None and toponym.kind <= Kind.SITE


def _related(text: str, line: Line, before: str, toponym: Toponym) -> Toponym:
    if m := _distance().search(before):
        return _moved(text, line.start + m.start(), toponym, m)
    relations = lexicon.words().relations
    if m := _direction().search(before):
        return _grown(text, line.start + m.start(), toponym, "direction", relations.near_km)
    for relation, pattern, radius in (("off", _off(), relations.off_km), ("near", _near(), relations.near_km)):
        if m := pattern.search(before):
            return _grown(text, line.start + m.start(1), toponym, "off" if relation == "off" else "near", radius)
    return toponym


def _grown(text: str, start: int, toponym: Toponym, relation: Relation, radius: float) -> Toponym:
    return replace(
        toponym, start=start, text=text[start : toponym.end], relation=relation,
        radius_km=max(radius, toponym.radius_km or 0),
    )  # fmt: skip


def _moved(text: str, start: int, toponym: Toponym, m: re.Match[str]) -> Toponym:
    relations = lexicon.words().relations
    number = m["number"].lower().replace(",", "")
    count = relations.numbers.get(number) or float(number)
    distance = count * relations.kilometres[m["unit"].lower()]
    if distance > FARTHEST_KM:
        return toponym
    bearing = relations.directions.get(re.sub(r"(?:ern)?[- ]|ern$", "", (m["direction"] or "").lower()))
    if bearing is None:
        return _grown(text, start, toponym, "distance", distance)
    lat, lon = shifted(toponym.lat or 0.0, toponym.lon or 0.0, distance, bearing)
    moved = replace(toponym, lat=lat, lon=lon, radius_km=None)
    return _grown(text, start, moved, "distance", max(1.0, round(distance * SHARE, 1)))


def shifted(lat: float, lon: float, distance: float, bearing: float) -> tuple[float, float]:
    """The point `distance` km away at `bearing` degrees from north (flat earth: good for some hundred km)."""
    angle = math.radians(bearing)
    north, east = distance * math.cos(angle), distance * math.sin(angle)
    east_degree = KM_PER_DEGREE * max(0.05, math.cos(math.radians(lat)))
    return round(lat + north / KM_PER_DEGREE, 5), round((lon + east / east_degree + 180) % 360 - 180, 5)


def _between(text: str, line: Line, one: Toponym, other: Toponym) -> Toponym | None:
    """The stretch between two towns, where "between A and B" or "the A–B road" tells it."""
    if not (_is_point(one) and _is_point(other)) or one.lat is None or other.lat is None:
        return None
    gap = line.text[one.end - line.start : other.start - line.start]
    before, after = line.text[: one.start - line.start], line.text[other.end - line.start :]
    told = re.search(r"\bbetween (?:the )?(?:\w+ of )?$", before)
    road = gap in ("-", "–", " – ", " - ", "—") and _ROAD.match(after)
    if not road and not (told and re.fullmatch(r" and (?:the )?(?:\w+ of )?", gap)):
        return None
    apart = km(one.lat, one.lon or 0.0, other.lat, other.lon or 0.0)
    if apart > FARTHEST_KM:
        return None
    start = line.start + told.start() if told else one.start
    end = other.end + (road.end() if road else 0)
    return replace(
        one, start=start, end=end, text=text[start:end], relation="between", geonameid=None, kind=Kind.TOWN,
        name=f"{one.name} – {other.name}", lat=round((one.lat + other.lat) / 2, 5),
        lon=round(((one.lon or 0.0) + (other.lon or 0.0)) / 2, 5), radius_km=round(max(2.0, apart / 2), 1),
        admin1=one.admin1 if one.admin1 == other.admin1 else None, country=one.country if one.country == other.country else None,
        score=min(one.score, other.score),
    )  # fmt: skip


_INTO = r"(?:the )?(?:(?:\w+ )?(?:town|city|village|port|settlement|district|border) (?:of |town of )?)?$"  # up to the name itself


@cache
def _distance() -> re.Pattern[str]:
    relations = lexicon.words().relations
    words = "|".join(sorted(map(re.escape, relations.numbers), key=len, reverse=True))
    units = "|".join(sorted(map(re.escape, relations.kilometres), key=len, reverse=True))
    return re.compile(
        rf"\b(?P<number>\d[\d,]*(?:\.\d+)?|{words})[\s-]*(?P<unit>{units})\b(?:\s\([^)]*\))?,?"
        rf"(?:\s(?:to the |due |just )?(?P<direction>{_compass()}))?(?:\s(?:of|from|outside|away from|off|inside|into))\s{_INTO}",
        re.I,
    )


@cache
def _direction() -> re.Pattern[str]:
    return re.compile(rf"\b(?:(?:to the|just|immediately|area) )?(?:{_compass()}) of {_INTO}", re.I)


@cache
def _compass() -> str:
    return r"(?:north|south)(?:[- ]?(?:east|west))?(?:ern)?|(?:east|west)(?:ern)?"


@cache
def _near() -> re.Pattern[str]:
    return _worded(lexicon.words().relations.near)


@cache
def _off() -> re.Pattern[str]:
    return _worded(lexicon.words().relations.off)


def _worded(words: Sequence[str]) -> re.Pattern[str]:
    joined = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?:^|[^\w'’-])((?:{joined})) {_INTO}", re.I)
