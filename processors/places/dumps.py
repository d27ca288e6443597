"""GeoNames country dumps (`CC.txt`, `CC.txt.gz`, `admin1CodesASCII.txt`) → entries of the index.

Format: https://download.geonames.org/export/dump/readme.txt. A row that is none is counted, not fatal.
"""

import gzip
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from processors.errors import ResourceError
from processors.places.entries import Entry
from processors.places.records import Kind

COLUMNS = 19
_SITES = frozenset(
    [
        "AIRP",
        "AIRB",
        "AIRF",
        "INSM",
        "MILB",
        "CMP",
        "CMPRF",
        "BDRPT",
        "PSBP",
        "PRT",
        "OILR",
        "PS",
        "DAM",
        "MNMT",
        "CSTM",
    ]
)
_REGIONS = frozenset(["RGN", "RGNE", "ISL", "ISLS", "PEN", "VAL", "MTS", "SEA", "STRT", "GULF", "DSRT"])
_GONE = frozenset(["PPLH", "PPLQ", "PPLW", "PPLCH", "ADM1H", "ADM2H", "ADM3H", "ADM4H", "PCLH"])


def kind_of(feature_class: str, code: str) -> Kind | None:
    """What GeoNames' feature is to us; None for what no news item places an incident in."""
    if code in _GONE:
        return None
    if feature_class == "P":
        return Kind.QUARTER if code == "PPLX" else Kind.TOWN
    if feature_class == "A":
        return {"PCLI": Kind.COUNTRY, "ADM1": Kind.PROVINCE, "ADM2": Kind.DISTRICT, "ADM3": Kind.DISTRICT}.get(code)
    return Kind.SITE if code in _SITES else Kind.REGION if code in _REGIONS else None


def dump_files(folder: Path) -> list[Path]:
    """The dumps in a folder, one a country. Raises ResourceError where there are none."""
    files = sorted(p for p in folder.glob("[A-Z][A-Z].txt*") if p.suffix in (".txt", ".gz"))
    if not files:
        raise ResourceError(f"no GeoNames dumps (CC.txt or CC.txt.gz) in {folder}")
    return files


def admin1_ids(folder: Path) -> dict[tuple[str, str], int]:
    """(country, code in the dumps) → GeoNames id of the province, where the code stands for one only."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    path = folder / "admin1CodesASCII.txt"
    lines = path.read_text("utf8", errors="replace").splitlines() if path.exists() else []
    for fields in (line.split("\t") for line in lines):
        country, _, code = fields[0].partition(".")
        if len(fields) >= 4 and fields[3].isdigit():
            found[country, code].add(int(fields[3]))
    return {unit: next(iter(ids)) for unit, ids in found.items() if len(ids) == 1}


def read(path: Path, bad: Counter[str]) -> Iterator[Entry]:
    """The places of one dump; bad rows are counted under the file's name. `province` holds the dump's own code."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf8", errors="replace") as lines:
        try:
            for line in lines:
                try:
                    entry = parse(line)
                except (ValueError, IndexError):
                    bad[path.name] += 1
                    continue
                if entry is not None:
                    yield entry
        except (OSError, EOFError) as error:
            raise ResourceError(f"{path} cannot be read: {error}") from error


def parse(line: str) -> Entry | None:
    """One row; None for a feature that is not kept. Raises ValueError or IndexError where it is no row."""
    row = line.rstrip("\r\n").split("\t")
    if len(row) != COLUMNS:
        raise ValueError(f"{len(row)} columns")
    lat, lon = float(row[4]), float(row[5])
    if not (-90 <= lat <= 90 and -180 <= lon <= 180) or not row[1] or len(row[8]) != 2:
        raise ValueError("no place")
    kind = kind_of(row[6], row[7])
    if kind is None:
        return None
    names = [row[1], row[2], *row[3].split(",")]
    if kind is Kind.COUNTRY:  # short ASCII forms of a country's name are codes and demonyms
        names = [name for name in names if not name.isascii()]
    people = max(0, int(row[14] or 0))
    return Entry(int(row[0]), row[1], lat, lon, row[8], (row[8], row[10]), people, kind, [n for n in names if n])
