"""Which places bear this name? A memory-mapped index that opens in milliseconds and whose pages all processes share."""

import json
from bisect import bisect_left
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import xxhash

from processors.errors import ResourceError
from processors.places import keys
from processors.places.records import BUCKET_BITS, FORMAT, MAGIC, RECORD, ROW, Candidate, Kind


class Gazetteer:
    """The index, read only. Rows are places; `columns` gives their fields as arrays."""

    def __init__(self, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        self.header = header
        self.columns = {field: arrays["records"][field] for field in RECORD.names or ()}
        self._provinces: list[list[str]] = header["provinces"]
        self._names = arrays["names"].data
        self._hashes, self._buckets = arrays["hashes"].data, arrays["buckets"].data
        self._offsets, self._postings = arrays["offsets"].data, arrays["postings"]
        self._loose = {field: arrays["loose_" + field].data for field in ("hashes", "buckets", "offsets")}
        self._loose_postings = arrays["loose_postings"]
        self.sources = tuple(header.get("sources", ()))  # what it was built from, with versions
        self._first = arrays["first_hashes"].data, arrays["first_lengths"].data

    @classmethod
    def open(cls, path: Path) -> Self:
        """Maps the file into memory. Raises ResourceError where it is missing, damaged or of another version."""
        try:
            raw = np.memmap(path, dtype=np.uint8, mode="r").view(np.ndarray)
        except (OSError, ValueError) as error:
            raise ResourceError(f"place index {path}: {error}") from error
        if raw[:8].tobytes() != MAGIC:
            raise ResourceError(f"{path} is no place index")
        size = int(raw[8:12].view("<u4")[0])
        try:
            header = json.loads(raw[12 : 12 + size].tobytes())
            if header["size"] != len(raw):
                raise ValueError(f"{len(raw)} bytes instead of {header['size']}")
            arrays = {name: _array(raw, **where) for name, where in header["arrays"].items()}
        except (ValueError, KeyError, TypeError) as error:
            raise ResourceError(f"place index {path} is damaged: {error}") from error
        if (header["format"], header["keys"]) != (FORMAT, keys.VERSION):
            raise ResourceError(f"place index {path} was built by another version: run `tocsin gazetteer build` again")
        return cls(header, arrays)

    def __len__(self) -> int:
        return len(self.columns["lat"])

    def lookup(self, name: str) -> list[Candidate]:
        """Every place of that name by the strict key; where there is none, by the looser one."""
        return [self.candidate(int(row)) for row in self.rows(keys.key(name), keys.loose(name))]

    def rows(self, strict: str, loose: str | None = None) -> np.ndarray:
        """Rows of the places under a strict key, else under a loose one."""
        return self.postings(strict, loose) & ROW

    def postings(self, strict: str, loose: str | None = None) -> np.ndarray:
        """As `rows`, each with the flag PRIMARY where the key is that of the place's own name and not of another spelling."""
        found = self._exact(strict)
        return found if len(found) or loose is None else self._similar(loose)

    def _exact(self, strict: str) -> np.ndarray:
        at = _find(strict, self._hashes, self._buckets)
        return self._postings[self._offsets[at] : self._offsets[at + 1]] if at >= 0 else _NONE

    def _similar(self, loose: str) -> np.ndarray:
        parts = self._loose
        at = _find(loose, parts["hashes"], parts["buckets"])
        return self._loose_postings[parts["offsets"][at] : parts["offsets"][at + 1]] if at >= 0 else self._exact(loose)

    def longest(self, first: str) -> int:
        """Words of the longest name that starts with this word (a key); 1 where no longer one does."""
        hashes, lengths = self._first
        value = xxhash.xxh3_64_intdigest(first.encode())
        at = bisect_left(hashes, value)
        return lengths[at] if at < len(hashes) and hashes[at] == value else 1

    def candidate(self, row: int) -> Candidate:
        """One row as a struct."""
        values = {field: column[row] for field, column in self.columns.items()}
        return Candidate(
            row, int(values["geonameid"]) or None, self.name(row), self.country(row), self.admin1(row),
            round(float(values["lat"]), 5), round(float(values["lon"]), 5), int(values["population"]),
            Kind(int(values["kind"])), int(values["names"]), float(values["radius"]),
        )  # fmt: skip

    def name(self, row: int) -> str:
        start = int(self.columns["name"][row])
        return bytes(self._names[start + 1 : start + 1 + self._names[start]]).decode()

    def country(self, row: int) -> str | None:
        return self.columns["country"][row].decode() or None

    def admin1(self, row: int) -> str | None:
        """Name of the province that the place lies in (its own, of a province)."""
        return self._provinces[int(self.columns["admin1"][row])][1] or None

    @cached_property
    def country_rows(self) -> dict[str, int]:
        """ISO code → row of the country."""
        rows = map(int, np.flatnonzero(self.columns["kind"] == Kind.COUNTRY))
        return {self.columns["country"][row].decode(): row for row in rows}

    @cached_property
    def province_rows(self) -> dict[tuple[str, str], int]:
        """(ISO code, name of the province) → row of the province."""
        rows = map(int, np.flatnonzero(self.columns["kind"] == Kind.PROVINCE))
        return {(self.country(row) or "", self.admin1(row) or ""): row for row in rows}


_NONE = np.zeros(0, dtype="<u4")


def _array(raw: np.ndarray, dtype: Any, offset: int, count: int) -> np.ndarray:
    kind = np.dtype([tuple(field) for field in dtype] if isinstance(dtype, list) else dtype)
    return raw[offset : offset + count * kind.itemsize].view(kind)


def _find(key: str, hashes: memoryview, buckets: memoryview) -> int:
    value = xxhash.xxh3_64_intdigest(key.encode())
    bucket = value >> (64 - BUCKET_BITS)
    end = buckets[bucket + 1]
    at = bisect_left(hashes, value, buckets[bucket], end)
    return at if at < end and hashes[at] == value else -1
