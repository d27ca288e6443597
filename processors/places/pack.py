"""Places → the bytes of the index file: keys as sorted hashes, postings, records, names. `records` says the format."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import xxhash

from processors.errors import ResourceError
from processors.places import keys
from processors.places.entries import Entry
from processors.places.records import (
    ALIGN,
    BUCKET_BITS,
    FORMAT,
    MAGIC,
    MAX_WORDS,
    PRIMARY,
    RECORD,
    ROW,
    Kind,
)

Keyed = dict[str, list[int]]


def serialise(places: Sequence[Entry], sources: Sequence[str]) -> tuple[bytes, int]:
    """The index file's content and the number of its keys. Raises ResourceError where two names share a hash."""
    strict = _keyed(places)
    provinces = _province_names(places)
    records, names = _records(places, {unit: row for row, (unit, _) in enumerate(provinces)})
    arrays = {"records": records, "names": names, **_hashed(strict, ""), **_hashed(_loose(strict), "loose_")}
    arrays |= _first_words(strict)
    header: dict[str, Any] = {
        "format": FORMAT,
        "keys": keys.VERSION,
        "sources": list(sources),
        "provinces": [[".".join(unit), name] for unit, name in provinces],
    }
    return _packed(header, arrays), len(strict)


def _keyed(places: Sequence[Entry]) -> Keyed:
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


def _province_names(places: Sequence[Entry]) -> list[tuple[tuple[str, str], str]]:
    named = {place.province: place.name for place in places if place.kind is Kind.PROVINCE}
    units = {place.province for place in places} | set(named)
    return [(("", ""), ""), *((unit, named.get(unit, "")) for unit in sorted(units - {("", "")}))]


def _records(places: Sequence[Entry], provinces: dict[tuple[str, str], int]) -> tuple[np.ndarray, np.ndarray]:
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
    """Keys as sorted hashes with their rows in one array (CSR)."""
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
    """Header and arrays. The header's length depends on the offsets in it, so these are counted from a fixed place."""
    described = {name: {"dtype": _dtype(a), "offset": 0, "count": len(a)} for name, a in arrays.items()}
    room = _aligned(12 + len(json.dumps(header | {"arrays": described})) + 16 * len(arrays) + 32)
    at = room
    for name, array in arrays.items():
        described[name]["offset"] = at
        at = _aligned(at + array.nbytes)
    text = json.dumps(header | {"arrays": described, "size": at}).encode()
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
