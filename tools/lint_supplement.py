"""Checks the places that tocsin adds to the gazetteer against the rule at the head of `lexicon/places/towns.toml`. Ends
with 1 on a finding.

Usage: python tools/lint_supplement.py [--streams benchmarks/incidents]

It builds the index of the installed sources without the added places (half a minute) and looks each of them up.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from processors.geo import km
from processors.places import lexicon
from processors.places.build import build
from processors.places.index import Gazetteer
from processors.places.keys import key
from processors.places.lexicon import Supplement
from processors.places.names import Names
from processors.places.records import Kind

NEAR_KM = 15.0  # a namesake so near is the same place
DEVELOPMENT = ("en", "multi")  # others were written after the places, without a look at them


def main() -> int:
    """Prints each finding on a line of its own."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--streams", type=Path, default=Path("benchmarks/incidents"))
    streams = arguments.parse_args().streams
    places = [place for place in lexicon.supplements() if place.kind is not Kind.REGION]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.idx"
        build(path, supplement=False)
        found = [*known_already(places, Names(Gazetteer.open(path))), *of_streams(places, streams)]
    for finding in found:
        print(finding)
    return 1 if found else 0


def known_already(places: list[Supplement], names: Names) -> Iterator[str]:
    """Places that the installed sources have by all their names."""
    for place in places:
        if all(_is_known(place, name, names) for name in place.names):
            yield f"{place.names[0]}: the installed sources have it by every name"


def _is_known(place: Supplement, name: str, names: Names) -> bool:
    match = names.match(name)
    if match is None:
        return False
    columns = names.gazetteer.columns
    points = ((float(columns["lat"][row]), float(columns["lon"][row])) for row in match.rows)
    return any(km(place.lat, place.lon, lat, lon) <= NEAR_KM for lat, lon in points)


def of_streams(places: list[Supplement], streams: Path) -> Iterator[str]:
    """Places with the name of a place that a development stream's gold has."""
    golds = (streams / stream / "gold.json" for stream in DEVELOPMENT)
    told = {key(part) for gold in golds for name in _gold_names(gold) for part in _parts(name)}
    for place in places:
        if shared := {name for name in place.names if key(name) in told}:
            yield f"{place.names[0]}: a development stream has a place named {sorted(shared)}"


def _gold_names(gold: Path) -> Iterator[str]:
    for incident in json.loads(gold.read_text("utf8"))["incidents"]:
        yield from (incident[slot]["name"] for slot in ("place", "origin") if incident.get(slot))


def _parts(name: str) -> list[str]:
    """The whole name and its parts: "Al-Shuhayl (Shuhayl), Deir ez-Zor"."""
    return [name, *(part.strip() for part in name.replace("(", ",").replace(")", ",").split(","))]


if __name__ == "__main__":
    sys.exit(main())
