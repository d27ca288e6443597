"""Which places does a document name, and where do they lie?

Recognition and resolution over the whole document: parsed sentences bring the parser's entities, the others only what the gazetteer
knows of their capitalised words, which costs little.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from processors.extract.analysis import Analysis
from processors.model import Precision
from processors.places.far import far_names
from processors.places.gather import area_told, flag_told, gather, modifies, states_told, units_beside
from processors.places.index import Gazetteer
from processors.places.keys import key
from processors.places.names import How, Names
from processors.places.rank import as_unit, resolve
from processors.places.recognise import recognise
from processors.places.records import Candidate, Kind
from processors.places.relations import relate
from processors.places.spans import Line, Span, lines_of
from processors.places.toponyms import PlaceContext, Toponym

RADIUS = {Kind.TOWN: 5.0, Kind.QUARTER: 2.0, Kind.SITE: 3.0, Kind.DISTRICT: 30.0, Kind.PROVINCE: 100.0}
STATES = frozenset({Kind.PROVINCE})
PRECISION: dict[Kind, Precision] = {
    Kind.DISTRICT: "admin1", Kind.PROVINCE: "admin1", Kind.REGION: "admin1", Kind.COUNTRY: "country",
}  # fmt: skip


def find_places(analysis: Analysis, gazetteer: Gazetteer, context: PlaceContext) -> list[Toponym]:
    """Every place name of the document, in order, each with the point it most likely means.

    A name that the gazetteer does not know stays without a point. Raises ResourceError where a model is missing.
    """
    lines = lines_of(analysis, _names(gazetteer))
    picked = recognise(lines, gazetteer)
    names = gather(lines, [[span for span, _ in pairs] for pairs in picked], _names(gazetteer))
    rows = resolve(names, gazetteer, context.country)
    far = far_names(names, rows, gazetteer, context.country)
    found = []
    strangers, states = _strangers(lines, picked, gazetteer), _states(lines, picked, gazetteer)
    for line, pairs in zip(lines, picked, strict=True):
        own: list[Toponym] = []
        for span, chance in pairs:
            meant = rows.get(span.text) if span.text not in far else None
            if meant and own and line.text[own[-1].end - line.start : span.start - line.start] == ", ":
                meant = _around(own[-1], span, meant, gazetteer)
            if (area := strangers.get(span.text)) is not None:
                own.append(_somewhere(analysis.text, span, chance, gazetteer.candidate(area)))
                continue
            told = states.get(key(span.text), ())
            own.append(_toponym(analysis.text, line, span, chance, meant, told, gazetteer))
        found += relate(analysis.text, line, own)
    return _headline_areas(found, analysis.document.title_end)


def _headline_areas(found: list[Toponym], title_end: int) -> list[Toponym]:
    """A headline's "Harrow" is the province where the text below speaks of "Harrow province" and never of the town."""
    below = [t for t in found if t.start >= title_end]
    areas = {key(t.name): t for t in below if t.kind is Kind.PROVINCE and t.name}
    towns = {t.name for t in below if t.kind is Kind.TOWN}

    def meant(toponym: Toponym) -> Toponym:
        area = areas.get(key(toponym.text))
        headline = toponym.start < title_end and toponym.kind is Kind.TOWN and toponym.relation is None
        if area is None or not headline or toponym.name in towns or area.admin1 != toponym.admin1:
            return toponym
        return replace(area, start=toponym.start, end=toponym.end, text=toponym.text, score=toponym.score)

    return [meant(toponym) for toponym in found]


def _strangers(
    lines: Sequence[Line], picked: Sequence[Sequence[tuple[Span, float]]], gazetteer: Gazetteer
) -> dict[str, int]:
    """Names that the text puts into an area of a country in which the gazetteer has none of that name → the area's row."""
    found: dict[str, int] = {}
    countries, people = gazetteer.columns["country"], gazetteer.columns["population"]
    for line, pairs in zip(lines, picked, strict=True):
        spans = [span for span, _ in pairs]
        for at, span in enumerate(spans):
            areas = area_told(line, spans, at, _names(gazetteer)) if span.match is not None else []
            if not areas or span.match is None or set(countries[areas]) & set(countries[span.match.rows]):
                continue
            found.setdefault(span.text, max(areas, key=lambda row: int(people[row])))
    return found


def _states(
    lines: Sequence[Line], picked: Sequence[Sequence[tuple[Span, float]]], gazetteer: Gazetteer
) -> dict[str, list[int]]:
    """Key of a name → rows of the provinces that are told with it where it first stands with one: "Harrow, Ohio"."""
    found: dict[str, list[int]] = {}
    for line, pairs in zip(lines, picked, strict=True):
        for span, _ in pairs:
            if rows := list(states_told(line, span, _names(gazetteer))):
                found.setdefault(key(span.text), rows)
    return found


def _around(inner: Toponym, span: Span, meant: tuple[int, float], gazetteer: Gazetteer) -> tuple[int, float]:
    """ "Harrow, New York": behind a town of the state the state, whatever town has its name too."""
    if span.match is None or inner.lat is None or inner.kind is not Kind.TOWN:
        return meant
    state = as_unit(meant[0], span.match.rows, STATES, gazetteer)
    same = (gazetteer.country(state), gazetteer.admin1(state)) == (inner.country, inner.admin1)
    return (state, meant[1]) if same else meant


@lru_cache(maxsize=2)
def _names(gazetteer: Gazetteer) -> Names:
    return Names(gazetteer)


def _toponym(
    text: str, line: Line, span: Span, chance: float, resolved: tuple[int, float] | None, states: Sequence[int],
    gazetteer: Gazetteer,
) -> Toponym:  # fmt: skip
    if resolved is None or span.match is None:
        return Toponym(start=span.start, end=span.end, text=text[span.start : span.end], score=chance)
    row, likely = resolved
    if units := units_beside(line, span):
        row = as_unit(row, span.match.rows, units, gazetteer)
    if states:
        namesake = _inside(row, span.match.rows, states, gazetteer)
        if namesake is None:
            return _somewhere(text, span, chance, gazetteer.candidate(states[0]))
        row = namesake
    for country in flag_told(line, span, _names(gazetteer)):
        row = _in_country(row, span.match.rows, gazetteer.country(country), gazetteer)
    place = gazetteer.candidate(row)
    return Toponym(
        start=span.start, end=span.end, text=text[span.start : span.end], name=place.name, country=place.country,
        admin1=place.admin1, lat=place.lat, lon=place.lon, precision=PRECISION.get(place.kind, "locality"),
        radius_km=place.radius_km or RADIUS.get(place.kind), geonameid=place.geonameid, kind=place.kind,
        score=round(chance * likely, 3), population=int(gazetteer.columns["population"][row]),
        adjective=span.match.how is How.ADJECTIVE or place.kind is Kind.COUNTRY and modifies(line, span),
    )  # fmt: skip


def _in_country(row: int, rows: np.ndarray, country: str | None, gazetteer: Gazetteer) -> int:
    """The most populous namesake in the country whose flag stands before the name; `row` where it has none."""
    if gazetteer.country(row) == country:
        return row
    within = [int(other) for other in rows if gazetteer.country(int(other)) == country]
    return max(within, key=lambda other: int(gazetteer.columns["population"][other]), default=row)


def _inside(row: int, rows: np.ndarray, states: Sequence[int], gazetteer: Gazetteer) -> int | None:
    """The namesake in one of the provinces told with the name ("X, N.Y."), `row` first; None where none is known."""
    units = gazetteer.columns
    told = {(units["country"][state], units["admin1"][state]) for state in states}
    within = [int(other) for other in (row, *rows) if (units["country"][other], units["admin1"][other]) in told]
    return row if row in within else max(within, key=lambda other: int(units["population"][other]), default=None)


def _somewhere(text: str, span: Span, chance: float, state: Candidate) -> Toponym:
    """A place of which only the province is known."""
    return Toponym(
        start=span.start, end=span.end, text=text[span.start : span.end], name=span.text, country=state.country,
        admin1=state.admin1, lat=state.lat, lon=state.lon, precision="admin1", radius_km=RADIUS[Kind.PROVINCE],
        score=round(chance, 3),
    )  # fmt: skip
