"""Writes streams/web/static/world.svg: coasts and borders for the live page's map, from Natural Earth (public domain).

npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
python tools/build_outlines.py package/countries-110m.json
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

INTO = Path(__file__).resolve().parents[1] / "streams/web/static/world.svg"
NOTE = "<!-- Made by tools/build_outlines.py from Natural Earth's 1:110m countries (public domain). x: degrees east, y: south. -->"

Points = list[tuple[float, float]]


def outlines(atlas: dict[str, Any]) -> str:
    """An SVG document with two paths, `land` and `borders`, in degrees; from a TopoJSON topology."""
    arcs = [_decoded(arc, atlas["transform"]) for arc in atlas["arcs"]]
    land = "".join(_path(_ring(ring, arcs)) + "z" for ring in _rings(atlas["objects"]["land"]))
    shared = Counter(
        index if index >= 0 else ~index for ring in _rings(atlas["objects"]["countries"]) for index in ring
    )
    borders = "".join(_path(_unwrapped(arcs[index])) for index, count in sorted(shared.items()) if count > 1)
    thin = 'vector-effect="non-scaling-stroke"'
    paths = f'<path id="land" {thin} d="{land}"/>\n<path id="borders" {thin} fill="none" d="{borders}"/>'
    return f'{NOTE}\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -90 360 180">\n{paths}\n</svg>\n'


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> Points:
    (kx, ky), (dx, dy), x, y = transform["scale"], transform["translate"], 0, 0
    points = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        points.append((x * kx + dx, -(y * ky + dy)))
    return points


def _rings(thing: dict[str, Any]) -> Iterator[list[int]]:
    """Every ring of a geometry, as indices of arcs; ~index is an arc the other way round."""
    for each in thing.get("geometries", ()):
        yield from _rings(each)
    if thing["type"] == "Polygon":
        yield from thing["arcs"]
    elif thing["type"] == "MultiPolygon":
        for polygon in thing["arcs"]:
            yield from polygon


def _ring(indices: list[int], arcs: list[Points]) -> Points:
    points: Points = []
    for index in indices:
        points += (arcs[index] if index >= 0 else arcs[~index][::-1])[1 if points else 0 :]
    whole = _unwrapped(points)
    around = whole[-1][0] - whole[0][0]
    if abs(around) > 180:  # the ring goes around the pole
        whole += [(whole[-1][0], 90.0), (whole[0][0], 90.0)]
    return whole


def _unwrapped(points: Points) -> Points:
    """The same without jumps over the antimeridian: it goes on beyond 180 degrees."""
    moved, shift = points[:1], 0.0
    for (before, _), (x, y) in pairwise(points):
        shift += 360 * ((x - before < -180) - (x - before > 180))
        moved.append((x + shift, y))
    return moved


def _path(points: Points) -> str:
    """A path to two decimals, relative, without steps that move nothing."""
    rounded = [(round(x * 100), round(y * 100)) for x, y in points]
    steps, at = [f"M{_number(rounded[0][0])} {_number(rounded[0][1])}l"], rounded[0]
    for point in rounded[1:]:
        if point != at:
            steps.append(f"{_number(point[0] - at[0])} {_number(point[1] - at[1])} ")
            at = point
    return "".join(steps).rstrip()


def _number(hundredths: int) -> str:
    return f"{hundredths / 100:g}"


def main() -> None:
    text = outlines(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    INTO.write_text(text, "utf-8")
    print(INTO, len(text))


if __name__ == "__main__":
    main()
