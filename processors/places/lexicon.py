"""The hand-written knowledge of places: points, regions, demonyms, abbreviations. Data under `processors/lexicon/places/*.toml`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from processors.errors import ResourceError
from processors.places.keys import key
from processors.places.records import Kind

ADDED = ("regions", "sites", "towns")  # files that add places to the index


class Supplement(NamedTuple):
    """A place that tocsin adds to the index. `names` holds its own first."""

    kind: Kind
    country: str
    lat: float
    lon: float
    radius_km: int
    names: tuple[str, ...]


@cache
def table(name: str) -> dict[str, Any]:
    """One file of the lexicon. Raises ResourceError where it is no TOML."""
    try:
        return tomllib.loads((files("processors.lexicon.places") / f"{name}.toml").read_text("utf8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ResourceError(f"lexicon places/{name}.toml: {error}") from error


@cache
def supplements() -> tuple[Supplement, ...]:
    """Every place of the files in ADDED. Raises ResourceError where a row breaks the schema."""
    kinds = {kind.name.lower(): kind for kind in Kind}
    rows = ((name, kind, row) for name in ADDED for kind, rows in table(name).items() for row in rows)
    return tuple(_supplement(name, kinds.get(kind), row) for name, kind, row in rows)


def _supplement(file: str, kind: Kind | None, row: list[Any]) -> Supplement:
    match row:
        case [str(name), str(country), float(lat), float(lon), int(radius), str(others)] if (
            kind is not None and -90 <= lat <= 90 and -180 <= lon <= 180 and len(country) in (0, 2) and key(name)
        ):
            return Supplement(kind, country, lat, lon, radius, (name, *filter(None, others.split("|"))))
    raise ResourceError(f"lexicon places/{file}.toml: no place: {row!r}")


@cache
def area_points() -> dict[tuple[str, str], tuple[float, float]]:
    """(country, GeoNames' admin1 code or "") → (lat, lon) of the areas whose point is given by hand."""
    data = table("areas")
    points = {(code, ""): tuple(point) for code, point in data["countries"].items()}
    points |= {tuple(code.split(".")): tuple(point) for code, point in data["provinces"].items()}
    return points


@cache
def demonyms() -> dict[str, str]:
    """Key of an adjective or people's name → ISO code of the country; plurals in -s too."""
    return _with_plurals(table("demonyms")["demonyms"])


@cache
def regional_demonyms() -> dict[str, str]:
    """Key of an adjective or people's name → name of the region."""
    return _with_plurals(table("demonyms")["regions"])


def _with_plurals(groups: dict[str, list[str]]) -> dict[str, str]:
    words = {key(word): owner for owner, group in groups.items() for word in group}
    return {word + "s": owner for word, owner in words.items()} | words


@cache
def abbreviations() -> dict[str, tuple[tuple[str, str], ...]]:
    """Abbreviation as written ("Ky.", "KY") → (country, name of the province), several where it is ambiguous (WA, SA)."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for country, provinces in table("states").items():
        for province, short in provinces.items():
            for form in short:
                found[form] = (*found.get(form, ()), (country, province))
    return found
