"""Which places does a document name, and where do they lie?"""

import re

from processors.extract.analysis import Analysis
from processors.model import Precision
from processors.places.index import Gazetteer
from processors.places.records import Candidate, Kind
from processors.places.toponyms import PlaceContext, Toponym

_WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
RADIUS = {Kind.TOWN: 5.0, Kind.QUARTER: 2.0, Kind.SITE: 3.0, Kind.DISTRICT: 30.0}
PRECISION: dict[Kind, Precision] = {
    Kind.DISTRICT: "admin1",
    Kind.PROVINCE: "admin1",
    Kind.REGION: "admin1",
    Kind.COUNTRY: "country",
}


def find_places(analysis: Analysis, gazetteer: Gazetteer, context: PlaceContext) -> list[Toponym]:
    """Every place name of the document, in order, each with the point it most likely means."""
    text, found, end = analysis.text, list[Toponym](), 0
    words = list(_WORD.finditer(text))
    for at, word in enumerate(words):
        if word.start() < end or not word[0][0].isupper():
            continue
        for count in range(min(4, len(words) - at), 0, -1):
            start, stop = word.start(), words[at + count - 1].end()
            candidates = gazetteer.lookup(text[start:stop]) if "\n" not in text[start:stop] else []
            if candidates:
                found.append(_toponym(text, start, stop, max(candidates, key=lambda c: _prior(c, context))))
                end = stop
                break
    return found


def _prior(candidate: Candidate, context: PlaceContext) -> tuple[bool, bool, int]:
    return candidate.kind is Kind.COUNTRY, candidate.country == context.country, candidate.population


def _toponym(text: str, start: int, end: int, place: Candidate) -> Toponym:
    return Toponym(
        start=start, end=end, text=text[start:end], name=place.name, country=place.country, admin1=place.admin1,
        lat=place.lat, lon=place.lon, precision=PRECISION.get(place.kind, "locality"),
        radius_km=place.radius_km or RADIUS.get(place.kind), geonameid=place.geonameid, kind=place.kind, score=0.5,
    )  # fmt: skip
