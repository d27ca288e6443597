"""What tells one namesake from another? Numbers on each candidate of each name of a document, in the order of NAMES.

All names of a document are weighed together: those that lie near each other, in one province or in one country support each other,
and a name that stands with its container ("X, Ohio", "X in Borno state") is held to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from processors.places.index import Gazetteer
from processors.places.names import How, Match
from processors.places.records import Kind

NAMES = (
    "population", "population_share", "population_rank", "country", "province", "district", "town", "region", "no_population",
    "spellings", "spellings_share", "primary", "how", "candidates", "country_named", "country_share", "country_count",
    "province_named", "province_share", "contained", "contained_elsewhere", "near", "near_most", "anchor_km", "first_near",
    "adjective_named", "unit_fits", "unit_misfits", "source_country", "neighbour_near", "names", "count", "words",
)  # fmt: skip
NEAR_KM = 150.0
EARTH_KM = 6371.0
FAR = 9.0  # log(1 + km) where nothing is near


@dataclass(slots=True, eq=False)
class Name:
    """One name of a document: its candidates and what stands beside it wherever it occurs."""

    text: str
    match: Match
    count: int = 1
    first: int = 0  # number of its first mention among the document's mentions
    containers: list[int] = field(default_factory=list)  # rows of areas that the text says it lies in
    unit: frozenset[Kind] = frozenset()  # kinds that the word beside it asks for ("X County", "village of X")
    placed: bool = False  # a word says that something is or lies in it: "in X", "Y, X", "X's Y"


@dataclass(slots=True, eq=False)
class Weighed:
    """All candidates of all names, one after the other. `group` is the number of a candidate's name."""

    rows: np.ndarray
    group: np.ndarray
    features: np.ndarray


def weigh(names: Sequence[Name], gazetteer: Gazetteer, source_country: str | None) -> Weighed:
    """The features of all candidates; `names` in order of their first mention."""
    if not names:
        return Weighed(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros((0, len(NAMES)), "f4"))
    table = _Table(names, gazetteer)
    columns = [
        *table.own(), *table.of_match(names), *table.countries(names), *table.provinces(names), *table.containers(names),
        *table.distances(), *table.units(names), *table.source(source_country), *table.document(names),
    ]  # fmt: skip
    by_name = dict(columns)
    return Weighed(table.rows, table.group, np.stack([by_name[name] for name in NAMES], axis=1).astype("f4"))


class _Table:
    def __init__(self, names: Sequence[Name], gazetteer: Gazetteer) -> None:
        self.rows = np.concatenate([name.match.rows for name in names])
        sizes = np.array([len(name.match.rows) for name in names])
        self.sizes, self.starts = sizes, np.cumsum(sizes) - sizes
        self.group = np.repeat(np.arange(len(names)), sizes)
        columns, rows = gazetteer.columns, self.rows
        self.people = columns["population"][rows].astype("f8")
        self.kind, self.admin1 = columns["kind"][rows].astype(int), columns["admin1"][rows].astype(int)
        self.spellings = np.log1p(columns["names"][rows].astype("f8"))
        self.country_code = columns["country"][rows]
        self.codes, self.country = np.unique(self.country_code, return_inverse=True)
        self.all_admin1, self.all_countries = columns["admin1"], columns["country"]
        self.all_kinds = columns["kind"]
        self.lat, self.lon = (
            np.radians(columns["lat"][rows].astype("f8")),
            np.radians(columns["lon"][rows].astype("f8")),
        )
        weight = (np.log1p(self.people) + 3 * (self.kind >= Kind.PROVINCE) + 0.5) ** 2
        self.share = weight / self._per_name(np.add, weight)
        self.others = max(1, len(names) - 1)

    def _per_name(self, operation: np.ufunc, values: np.ndarray) -> np.ndarray:
        return np.asarray(operation.reduceat(values, self.starts))[self.group]

    def own(self) -> list[tuple[str, np.ndarray]]:
        most = self._per_name(np.maximum, self.people)
        better = (self.people[None] > self.people[:, None]) & (self.group[None] == self.group[:, None])
        return [
            ("population", np.log1p(self.people)), ("population_share", self.people / np.maximum(1, most)),
            ("population_rank", better.sum(axis=1)),
            ("country", self.kind == Kind.COUNTRY), ("province", self.kind == Kind.PROVINCE),
            ("district", self.kind == Kind.DISTRICT), ("town", self.kind <= Kind.SITE), ("region", self.kind == Kind.REGION),
            ("no_population", self.people == 0), ("spellings", self.spellings),
            ("spellings_share", self.spellings / np.maximum(0.1, self._per_name(np.maximum, self.spellings))),
        ]  # fmt: skip

    def of_match(self, names: Sequence[Name]) -> list[tuple[str, np.ndarray]]:
        how = np.array([name.match.how for name in names])
        primary = np.concatenate([name.match.primary for name in names])
        return [("primary", primary), ("how", how[self.group]), ("candidates", np.log(self.sizes)[self.group])]

    def countries(self, names: Sequence[Name]) -> list[tuple[str, np.ndarray]]:
        """How much the other names speak for a candidate's country."""
        support = np.zeros((len(self.codes), len(names)))
        np.maximum.at(support, (self.country, self.group), self.share)
        share = (support.sum(axis=1)[self.country] - support[self.country, self.group]) / self.others
        named, adjective, count = (np.zeros(len(self.codes)) for _ in range(3))
        for number, name in enumerate(names):
            at = np.flatnonzero((self.group == number) & (self.kind == Kind.COUNTRY))
            if len(at):
                chosen = self.country[at[0]]
                (adjective if name.match.how is How.ADJECTIVE else named)[chosen] = 1
                count[chosen] += name.count
        total = max(1, sum(name.count for name in names))
        return [
            ("country_named", named[self.country]), ("adjective_named", adjective[self.country]), ("country_share", share),
            ("country_count", count[self.country] / total),
        ]  # fmt: skip

    def provinces(self, names: Sequence[Name]) -> list[tuple[str, np.ndarray]]:
        """How much the other names speak for a candidate's province."""
        ids, province = np.unique(self.admin1, return_inverse=True)
        inner = self.kind < Kind.REGION
        support = np.zeros((len(ids), len(names)))
        np.maximum.at(support, (province[inner], self.group[inner]), self.share[inner])
        share = (support.sum(axis=1)[province] - support[province, self.group]) / self.others
        named = {
            int(self.admin1[at])
            for at in np.flatnonzero(
                (self.kind == Kind.PROVINCE) & (self.people == self._per_name(np.maximum, self.people))
            )
        }
        named |= {
            int(self.all_admin1[row]) for name in names for row in name.containers if self.all_kinds[row] < Kind.REGION
        }
        known = np.isin(self.admin1, list(named - {0})) & (self.kind < Kind.PROVINCE)
        return [("province_named", known), ("province_share", np.where(inner, share, 0))]

    def containers(self, names: Sequence[Name]) -> list[tuple[str, np.ndarray]]:
        """Does the candidate lie in one of the areas that the text puts the name into?"""
        inside, elsewhere = np.zeros(len(self.rows)), np.zeros(len(self.rows))
        for number, name in enumerate(names):
            if not name.containers:
                continue
            own = slice(self.starts[number], self.starts[number] + self.sizes[number])
            areas = np.array(name.containers)
            same_country = self.country_code[own, None] == self.all_countries[areas][None]
            same_unit = (self.admin1[own, None] == self.all_admin1[areas][None]) | (
                self.all_kinds[areas] >= Kind.REGION
            )[None]
            other = self.rows[own, None] != areas[None]
            inside[own] = (same_country & same_unit & other).any(axis=1)
            elsewhere[own] = 1 - inside[own]
        return [("contained", inside), ("contained_elsewhere", elsewhere)]

    def distances(self) -> list[tuple[str, np.ndarray]]:
        """How near a candidate lies to those of the other names."""
        at = np.stack(
            [np.cos(self.lat) * np.cos(self.lon), np.cos(self.lat) * np.sin(self.lon), np.sin(self.lat)], axis=1
        )
        km = EARTH_KM * np.arccos(np.clip(at @ at.T, -1, 1))
        other = self.group[:, None] != self.group[None]
        point = self.kind < Kind.REGION
        near = np.exp(-km / NEAR_KM) * self.share[None] * point[None] * other
        by_name = np.maximum.reduceat(near, self.starts, axis=1)
        anchors = point & ((self.sizes == 1)[self.group])
        anchor_km = np.where(other & anchors[None], km, np.inf).min(axis=1)
        beside = [self._beside(by_name, step) for step in (-1, 1)]
        return [
            ("near", by_name.sum(axis=1) / self.others), ("near_most", by_name.max(axis=1)),
            ("anchor_km", np.minimum(FAR, np.log1p(np.minimum(anchor_km, 1e5)))), ("first_near", by_name[:, 0]),
            ("neighbour_near", np.maximum(*beside)),
        ]  # fmt: skip

    def _beside(self, by_name: np.ndarray, step: int) -> np.ndarray:
        neighbour = self.group + step
        valid = (neighbour >= 0) & (neighbour < by_name.shape[1])
        return np.where(valid, by_name[np.arange(len(self.rows)), np.clip(neighbour, 0, by_name.shape[1] - 1)], 0)

    def units(self, names: Sequence[Name]) -> list[tuple[str, np.ndarray]]:
        """Is the candidate of the kind that the word beside the name asks for?"""
        fits = np.array(
            [int(kind) in names[number].unit for kind, number in zip(self.kind, self.group.tolist(), strict=True)]
        )
        asked = np.array([bool(name.unit) for name in names])[self.group]
        return [("unit_fits", fits), ("unit_misfits", asked & ~fits)]

    def source(self, country: str | None) -> list[tuple[str, np.ndarray]]:
        return [("source_country", self.country_code == (country or "-").encode())]

    def document(self, names: Sequence[Name]) -> list[tuple[str, np.ndarray]]:
        count = np.array([name.count for name in names])[self.group]
        words = np.array([len(name.text.split()) for name in names])[self.group]
        return [("names", np.full(len(self.rows), np.log(len(names)))), ("count", np.log1p(count)), ("words", words)]
