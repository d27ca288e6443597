"""A gazetteer of a few places, packed as the real one is."""

from pathlib import Path

from processors.places.entries import Entry
from processors.places.index import Gazetteer
from processors.places.pack import serialise
from processors.places.records import Kind

PLACES = [
    Entry(1, "Iraq", 33.0, 44.0, "IQ", ("IQ", ""), 38_000_000, Kind.COUNTRY, ["Iraq", "العراق", "Ирак"]),
    Entry(2, "United States", 39.8, -98.6, "US", ("US", ""), 327_000_000, Kind.COUNTRY, ["United States", "U.S.", "US"]),
    Entry(3, "Nineveh", 36.2, 42.5, "IQ", ("IQ", "15"), 4_000_000, Kind.PROVINCE, ["Nineveh", "Nineveh Governorate"]),
    Entry(4, "Mosul", 36.335, 43.119, "IQ", ("IQ", "15"), 1_683_000, Kind.TOWN, ["Mosul", "الموصل", "Мосул"]),
    Entry(5, "Al Ba'aj", 36.043, 41.719, "IQ", ("IQ", "15"), 20_000, Kind.TOWN, ["Al Ba'aj", "Baaj", "البعاج"]),
    Entry(6, "Ohio", 40.3, -82.9, "US", ("US", "OH"), 11_700_000, Kind.PROVINCE, ["Ohio"]),
    Entry(7, "Illinois", 40.0, -89.2, "US", ("US", "IL"), 12_700_000, Kind.PROVINCE, ["Illinois"]),
    Entry(8, "Springfield", 39.924, -83.809, "US", ("US", "OH"), 58_000, Kind.TOWN, ["Springfield"]),
    Entry(9, "Springfield", 39.802, -89.644, "US", ("US", "IL"), 114_000, Kind.TOWN, ["Springfield"]),
    Entry(10, "Kherson", 46.690, 33.595, "UA", ("UA", "08"), 1_000_000, Kind.PROVINCE, ["Kherson", "Kherson Oblast"]),
    Entry(11, "Kherson", 46.637, 32.615, "UA", ("UA", "08"), 280_000, Kind.TOWN, ["Kherson", "Херсон"]),
    Entry(12, "Mykolaiv", 46.975, 31.995, "UA", ("UA", "16"), 476_000, Kind.TOWN, ["Mykolaiv", "Николаев", "Миколаїв"]),
    Entry(13, "Ukraine", 48.8, 31.4, "UA", ("UA", ""), 44_000_000, Kind.COUNTRY, ["Ukraine", "Украина", "Україна"]),
    Entry(14, "Saint-Louis", 16.018, -16.489, "SN", ("SN", "14"), 176_000, Kind.TOWN, ["Saint-Louis", "St. Louis"]),
]  # fmt: skip


def small_gazetteer(folder: Path) -> Gazetteer:
    """PLACES as an index file in `folder`, opened."""
    path = folder / "places.idx"
    path.write_bytes(serialise(PLACES, ["test"])[0])
    return Gazetteer.open(path)
