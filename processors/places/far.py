"""Which names would mean a small place in a far country that the text has nothing to do with? No gazetteer knows theirs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from processors.geo import km
from processors.places.index import Gazetteer
from processors.places.names import How
from processors.places.rank_features import Name
from processors.places.records import Kind

FAR_KM = 800.0  # from every country that the text names
RENOWN = 30_000  # people of a town that is meant, wherever it lies
RENOWN_OTHERWISE = 500_000  # of one that bears the name only as another spelling
TELLING = 100_000  # people of a town that tells its country
SURE = 0.3  # likelihood of a province or a town that tells its country
REGION_KM = 300.0  # between names of one region
ENOUGH = 2  # signs that tell a country
EARTH_KM = 6371.0


def far_names(
    names: Sequence[Name], rows: Mapping[str, tuple[int, float]], gazetteer: Gazetteer, source_country: str | None
) -> frozenset[str]:
    """The names whose best place is small and far from all countries told; none where the text tells no country."""
    told = Counter([source_country])
    for name in names:
        if name.text in rows:
            told[gazetteer.country(rows[name.text][0])] += _tells(name, rows, gazetteer)
    countries = frozenset(country for country, signs in told.items() if country and signs >= ENOUGH)
    if not countries:
        return frozenset()
    named = countries | _named(names, rows, gazetteer)
    far = {
        name.text: rows[name.text][0]
        for name in names
        if name.text in rows
        and gazetteer.country(rows[name.text][0]) not in named
        and _is_far(name, rows[name.text][0], countries, gazetteer)
    }
    return frozenset(text for text, row in far.items() if not _borne_out(row, far.values(), gazetteer))


def _borne_out(row: int, others: Iterable[int], gazetteer: Gazetteer) -> bool:
    """Whether another far name lies near: two names of one region are hardly both chance."""
    lat, lon = gazetteer.columns["lat"], gazetteer.columns["lon"]
    return any(
        other != row and km(float(lat[row]), float(lon[row]), float(lat[other]), float(lon[other])) <= REGION_KM
        for other in others
    )


def _named(names: Sequence[Name], rows: Mapping[str, tuple[int, float]], gazetteer: Gazetteer) -> frozenset[str]:
    """Countries that the text names at all, be it as the heading of a point ("SYRIA — …")."""
    found = (rows[name.text][0] for name in names if name.text in rows)
    kinds = gazetteer.columns["kind"]
    return frozenset(c for row in found if kinds[row] == Kind.COUNTRY and (c := gazetteer.country(row)))


def _tells(name: Name, rows: Mapping[str, tuple[int, float]], gazetteer: Gazetteer) -> int:
    """How much a name says of the text's country: a country in which something happens or a province all, a large town half."""
    row, likely = rows[name.text]
    kind, people = gazetteer.columns["kind"][row], gazetteer.columns["population"][row]
    if name.match.how is How.ADJECTIVE or kind == Kind.REGION:
        return 0
    if kind == Kind.COUNTRY:
        return ENOUGH if name.placed else 0
    if likely < SURE:
        return 0
    return ENOUGH if kind == Kind.PROVINCE else int(people >= TELLING and _is_own(name, row))


def _is_own(name: Name, row: int) -> bool:
    return bool(name.match.primary[name.match.rows == row].any())


def _is_far(name: Name, row: int, countries: frozenset[str], gazetteer: Gazetteer) -> bool:
    columns = gazetteer.columns
    country, people = gazetteer.country(row), int(columns["population"][row])
    if columns["kind"][row] >= Kind.PROVINCE or name.match.how >= How.ADJECTIVE:
        return False
    if people >= (RENOWN if _is_own(name, row) else RENOWN_OTHERWISE):
        return False
    if any(gazetteer.country(area) == country for area in name.containers):
        return False
    point = np.radians([float(columns["lat"][row]), float(columns["lon"][row])])
    return min(_nearest(point, country, gazetteer) for country in countries) > FAR_KM


def _nearest(point: np.ndarray, country: str, gazetteer: Gazetteer) -> float:
    """Kilometres from a point to the nearest town of a country."""
    lat, lon = _towns(gazetteer, country)
    if not len(lat):
        return 0.0
    cosine = np.sin(point[0]) * np.sin(lat) + np.cos(point[0]) * np.cos(lat) * np.cos(lon - point[1])
    return float(EARTH_KM * np.arccos(np.clip(cosine.max(), -1, 1)))


@lru_cache(maxsize=64)
def _towns(gazetteer: Gazetteer, country: str) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes (radians) of a country's towns."""
    columns = gazetteer.columns
    here = np.flatnonzero((columns["country"] == country.encode()) & (columns["kind"] == Kind.TOWN))
    return np.radians(columns["lat"][here].astype("f8")), np.radians(columns["lon"][here].astype("f8"))
