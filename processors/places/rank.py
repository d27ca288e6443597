"""Which of its namesakes does each name of a document mean? A small boosted ranker over the features of all candidates."""

from collections.abc import Sequence

import numpy as np

from processors.geo import km
from processors.places import rank_features, trees
from processors.places.index import Gazetteer
from processors.places.rank_features import Name, Weighed
from processors.places.records import Kind

MODEL = "ranker"
TOWNS = frozenset({Kind.TOWN})
OWN_NAME = 0.05  # ahead of a place that bears the name only as another spelling
SEAT = 20_000  # a town of fewer people that has a unit's name as another spelling only is not its seat
TWIN_KM = 100.0  # a town so near a unit of its name is the unit's seat


def resolve(names: Sequence[Name], gazetteer: Gazetteer, source_country: str | None) -> dict[str, tuple[int, float]]:
    """Phrase → (row of the place it means, how likely)."""
    weighed = rank_features.weigh(names, gazetteer, source_country)
    chances = trees.load(MODEL, rank_features.NAMES).probability(weighed.features)
    return choose(names, weighed, chances, gazetteer)


def choose(
    names: Sequence[Name], weighed: Weighed, chances: np.ndarray, gazetteer: Gazetteer
) -> dict[str, tuple[int, float]]:
    """The best candidate of each name, a town before the unit named after it."""
    chosen = {}
    for number, name in enumerate(names):
        own = np.flatnonzero(weighed.group == number)
        best = own[int(np.argmax(chances[own] + OWN_NAME * name.match.primary))]
        row = as_unit(int(weighed.rows[best]), _bearers(name, gazetteer), TOWNS, gazetteer)
        chosen[name.text] = row, float(chances[best])
    return chosen


def _bearers(name: Name, gazetteer: Gazetteer) -> np.ndarray:
    """The candidates that can be a unit's seat: not small towns that have its name as a misspelling of their own."""
    people = gazetteer.columns["population"]
    return np.array(
        [
            row for row, own in zip(name.match.rows, name.match.primary, strict=True)
            if own or people[row] >= SEAT
        ], dtype=np.intp,
    )  # fmt: skip


def as_unit(row: int, rows: np.ndarray, kinds: frozenset[Kind], gazetteer: Gazetteer) -> int:
    """The namesake of one of `kinds` that belongs to the place `row` (its seat, its province); `row` where there is none."""
    columns = gazetteer.columns
    if columns["kind"][row] in kinds or columns["kind"][row] >= Kind.REGION:
        return row
    twins = [
        int(other) for other in rows
        if columns["kind"][other] in kinds and columns["country"][other] == columns["country"][row]
        and (columns["admin1"][other] == columns["admin1"][row] or _apart(columns, row, int(other)) < TWIN_KM)
    ]  # fmt: skip
    return max(twins, key=lambda other: columns["population"][other]) if twins else row


def _apart(columns: dict[str, np.ndarray], one: int, other: int) -> float:
    return km(*(float(columns[axis][row]) for row in (one, other) for axis in ("lat", "lon")))
