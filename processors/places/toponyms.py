"""A place name as found in a text, and what is known about the text's own whereabouts."""

from dataclasses import dataclass
from typing import Literal

from processors.model import Place, Precision, Role
from processors.places.records import Kind

Relation = Literal["distance", "direction", "near", "off", "between", "part", "site"]


ORDER = {"exact": 0, "locality": 1, "admin1": 2, "country": 3}  # of precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Toponym:
    """A place name, or a phrase built on one ("20 km north of X"), with the point that it means.

    `start` and `end` are offsets into the document's text and cover the phrase; `score` (0..1) is how likely it names this place.
    A name that looks like a place and is in no gazetteer has no point.
    """

    start: int
    end: int
    text: str
    name: str | None = None
    country: str | None = None  # ISO 3166-1 alpha-2
    admin1: str | None = None  # name of the province
    lat: float | None = None
    lon: float | None = None
    precision: Precision = "locality"
    radius_km: float | None = None
    geonameid: int | None = None
    kind: Kind | None = None
    score: float = 0.0
    population: int = 0  # of the place that it means, 0 where it is not known
    relation: Relation | None = None
    adjective: bool = False  # "Turkish", "Iraqis": stands for the country, is no place where something happens

    def as_place(self, role: Role) -> Place:
        """The contract's struct."""
        return Place(
            role=role, text=self.text, start=self.start, end=self.end, precision=self.precision, name=self.name,
            country=self.country, admin1=self.admin1, lat=self.lat, lon=self.lon, radius_km=self.radius_km,
            geonameid=self.geonameid,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceContext:
    """What the source says about where its places lie."""

    country: str | None = None  # where its unqualified names lie, ISO 3166-1 alpha-2 (SourceTraits.country)


def is_point(toponym: Toponym) -> bool:
    """Is it a town or a place in one, no area?"""
    return ORDER[toponym.precision] <= ORDER["locality"]
