"""What the place index holds of a place, and the index file's format.

File: magic, length of the header (u4), header (JSON: versions, sources, arrays), then the arrays, each on a multiple of 64 bytes.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

MAGIC = b"TOCSINPL"
FORMAT = 1
BUCKET_BITS = 18  # the hash's top bits choose a bucket, within which the hashes are sorted
ALIGN = 64
MAX_WORDS = 6  # of a name
PRIMARY = 1 << 31  # flag of a posting: the key is that of the place's own name
ROW = PRIMARY - 1  # the rest of a posting


class Kind(IntEnum):
    """What a place is; the order is that of preference among namesakes where nothing else tells."""

    TOWN = 0
    QUARTER = 1  # part of a town
    SITE = 2  # base, camp, crossing, airport
    DISTRICT = 3  # second-level unit: county, district
    PROVINCE = 4  # first-level unit: state, province, oblast
    REGION = 5  # continent, sea or region that is no administrative unit
    COUNTRY = 6


AREAS = (Kind.DISTRICT, Kind.PROVINCE, Kind.REGION, Kind.COUNTRY)

RECORD = np.dtype(
    [
        ("geonameid", "<u4"),  # 0: none
        ("lat", "<f4"),
        ("lon", "<f4"),
        ("population", "<u4"),
        ("country", "S2"),
        ("admin1", "<u2"),  # row of the table of provinces; 0: none
        ("kind", "u1"),
        ("names", "u1"),  # in how many spellings it is known, 255 at most: a sign of renown
        ("radius", "<u2"),  # km, of what is no point
        ("name", "<u4"),  # where its name starts in the text of names
    ]
)


class Candidate(NamedTuple):
    """A place that a name may mean. `row` is its place in the index; `admin1` the province's name."""

    row: int
    geonameid: int | None
    name: str
    country: str | None  # ISO 3166-1 alpha-2
    admin1: str | None
    lat: float
    lon: float
    population: int
    kind: Kind
    names: int
    radius_km: float
