"""The hand-written knowledge of places: points, regions, demonyms, abbreviations, cue words.

Data under `processors/lexicon/places/*.toml`; each file is checked against a struct when it is first asked for.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

import msgspec

from processors.errors import ResourceError
from processors.lexicon.load import load
from processors.places.keys import key
from processors.places.records import Kind

FOLDER = "places"
Row = tuple[str, str, float, float, int, str]
Point = tuple[float, float]


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """Places of one class: [name, country or "", lat, lon, radius km, "other|names"], why such are added, from where."""

    kind: Literal["town", "quarter", "site", "district", "region"]
    class_: str
    why: str
    source: str
    places: tuple[Row, ...]


class Added(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Places to add to the index."""

    group: tuple[Group, ...]


class Areas(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points of countries and of provinces ("CA.08"), further names of countries."""

    countries: dict[str, Point]
    provinces: dict[str, Point]
    names: dict[str, tuple[str, ...]]


class Demonyms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Adjectives and peoples, by country and by region."""

    demonyms: dict[str, tuple[str, ...]]
    regions: dict[str, tuple[str, ...]]


class Cues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    prepositions: frozenset[str]
    titles: frozenset[str]
    organisations: frozenset[str]
    speech: frozenset[str]
    connectors: frozenset[str]
    assaults: tuple[str, ...]  # verbs whose object is a place: "stormed X"


class Generic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    before: tuple[str, ...]
    after: tuple[str, ...]


class Stop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: frozenset[str]


class Units(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    province: frozenset[str]
    district: frozenset[str]
    town: frozenset[str]
    part: frozenset[str]  # what lies in such areas, and is none


class Sites(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]


class Relations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    near: tuple[str, ...]
    near_km: float
    off: tuple[str, ...]
    off_km: float
    kilometres: dict[str, float]
    directions: dict[str, float]
    numbers: dict[str, float]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that stand beside place names."""

    cues: Cues
    stop: Stop
    generic: Generic
    units: Units
    sites: Sites
    relations: Relations


class RoleCues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that tell which part a place plays."""

    located: frozenset[str]
    modifiers: frozenset[str]
    parts: frozenset[str]
    toward: frozenset[str]
    through: frozenset[str]
    launching: frozenset[str]
    moving: frozenset[str]
    movers: frozenset[str]
    batteries: frozenset[str]
    grounds: frozenset[str]
    launch_sites: frozenset[str]
    taken: frozenset[str]
    bound: frozenset[str]
    elsewhere: frozenset[str]
    hospitals: frozenset[str]
    carried: frozenset[str]
    apart: frozenset[str]
    streets: frozenset[str]
    striking: frozenset[str]
    suffering: frozenset[str]
    speaking: frozenset[str]
    bodies: frozenset[str]


class Supplement(NamedTuple):
    """A place that tocsin adds to the index. `names` holds its own first."""

    kind: Kind
    country: str
    lat: float
    lon: float
    radius_km: int
    names: tuple[str, ...]


def words() -> Words:
    """The cue words."""
    return load("words", Words, FOLDER)


def role_cues() -> RoleCues:
    """The words that `situation` reads."""
    return load("roles", RoleCues, FOLDER)


@cache
def supplements() -> tuple[Supplement, ...]:
    """Every place that tocsin adds. Raises ResourceError where a row is no place."""
    found = []
    for file in ("regions", "sites", "towns"):
        for group in load(file, Added, FOLDER).group:
            found += [_supplement(file, Kind[group.kind.upper()], row) for row in group.places]
    return tuple(found)


def _supplement(file: str, kind: Kind, row: Row) -> Supplement:
    name, country, lat, lon, radius, others = row
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and len(country) in (0, 2) and key(name)):
        raise ResourceError(f"lexicon places/{file}.toml: no place: {row!r}")
    return Supplement(kind, country, lat, lon, radius, (name, *filter(None, others.split("|"))))


def country_names() -> dict[str, tuple[str, ...]]:
    """ISO code → further names."""
    return load("areas", Areas, FOLDER).names


@cache
def area_points() -> dict[tuple[str, str], Point]:
    """(country, GeoNames' admin1 code or "") → (lat, lon) of the areas whose point is given by hand."""
    data = load("areas", Areas, FOLDER)
    points = {(code, ""): point for code, point in data.countries.items()}
    for code, point in data.provinces.items():
        country, _, unit = code.partition(".")
        points[country, unit] = point
    return points


@cache
def demonyms() -> dict[str, str]:
    """Key of an adjective or people's name → ISO code of the country; plurals in -s too."""
    return _with_plurals(load("demonyms", Demonyms, FOLDER).demonyms)


@cache
def regional_demonyms() -> dict[str, str]:
    """Key of an adjective or people's name → key of the region's name."""
    return {word: key(name) for word, name in _with_plurals(load("demonyms", Demonyms, FOLDER).regions).items()}


def _with_plurals(groups: dict[str, tuple[str, ...]]) -> dict[str, str]:
    found = {key(word): owner for owner, group in groups.items() for word in group}
    return {word + "s": owner for word, owner in found.items()} | found


@cache
def short_forms() -> dict[str, tuple[str, ...]]:
    """Province's name → its abbreviations as written."""
    found: dict[str, tuple[str, ...]] = {}
    for form, units in abbreviations().items():
        for _, name in units:
            found[name] = (*found.get(name, ()), form)
    return found


@cache
def abbreviations() -> dict[str, tuple[tuple[str, str], ...]]:
    """Abbreviation as written ("Ky.", "KY") → (country, province's name), several where it is ambiguous (WA, SA)."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for country, provinces in load("states", dict[str, dict[str, tuple[str, ...]]], FOLDER).items():
        for province, short in provinces.items():
            for form in short:
                found[form] = (*found.get(form, ()), (country, province))
    return found


def either(words: Iterable[str]) -> str:
    """Alternatives of a pattern, the longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
