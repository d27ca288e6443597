"""Where does an area lie? The point that stands for a country or province.

The capital and the mean of the towns both lie too near to where people live; the mean of the occupied half-degree cells is a
better guess at the middle of the land, and for large or thinly peopled areas the lexicon gives the point.
"""

from collections import defaultdict
from collections.abc import Iterable

from processors.places.entries import Entry
from processors.places.records import Kind

CELLS_PER_DEGREE = 2
_KM_PER_CELL = 111 / CELLS_PER_DEGREE


def place_areas(
    areas: Iterable[Entry], towns: Iterable[Entry], given: dict[tuple[str, str], tuple[float, float]]
) -> None:
    """Moves each country and province to its point, and sets its radius (km) from the land its towns cover."""
    cells: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    for town in towns:
        cell = (round(town.lat * CELLS_PER_DEGREE), round(town.lon * CELLS_PER_DEGREE))
        cells[town.country, ""].add(cell)
        cells[town.province].add(cell)
    for area in areas:
        if area.kind not in (Kind.COUNTRY, Kind.PROVINCE):
            continue
        if occupied := cells.get(area.province):
            area.lat, area.lon = (sum(c[i] for c in occupied) / len(occupied) / CELLS_PER_DEGREE for i in (0, 1))
            area.radius = max(area.radius, round(_KM_PER_CELL * (len(occupied) / 3.14) ** 0.5))
        area.lat, area.lon = given.get(area.province, (area.lat, area.lon))
