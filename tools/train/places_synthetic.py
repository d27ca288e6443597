"""Reports made from `places_templates.toml` and the gazetteer: documents whose every place name is known."""

import random
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from processors.places import entries, lexicon
from processors.places.index import Gazetteer
from processors.places.records import Kind

TEMPLATES = Path(__file__).with_name("places_templates.toml")
SLOT = re.compile(r"\{(\w+)\}")
PLAIN = re.compile(r"[\u0300-\u036f]")  # marks that most news leaves out
VOWELS = re.compile(r"[aeiou]")


class Report(NamedTuple):
    """A text with its toponyms (start, end, lat, lon); no point for an invented village."""

    text: str
    toponyms: list[tuple[int, int, float | None, float | None]]


class Province(NamedTuple):
    country: str
    row: int
    towns: list[int]


def reports(gazetteer: Gazetteer, count: int, seed: int = 0) -> Iterator[Report]:
    """`count` reports, the same for the same seed."""
    data, chance = tomllib.loads(TEMPLATES.read_text("utf8")), random.Random(seed)
    provinces = _provinces(gazetteer)
    countries = sorted({p.country for p in provinces})
    by_country = {c: [p for p in provinces if p.country == c] for c in countries}
    for _ in range(count):
        texts = chance.sample(data["templates"], chance.choice((1, 1, 2)))
        scene = _scene(gazetteer, by_country, chance)
        yield _filled(" ".join(texts), scene, data, chance)


def _provinces(gazetteer: Gazetteer) -> list[Province]:
    columns = gazetteer.columns
    towns: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero((columns["kind"] == Kind.TOWN) & (columns["population"] >= 1000)):
        towns[int(columns["admin1"][row])].append(int(row))
    found = []
    for (country, _), row in gazetteer.province_rows.items():
        own = towns[int(columns["admin1"][row])]
        if len(own) >= 4 and country in gazetteer.country_rows:
            found.append(Province(country, row, own))
    return found


Place = tuple[str, float | None, float | None]
Slots = dict[str, Place]
LATIN = re.compile(r"[A-Z][a-z' -]+(?:[A-Z][a-z' -]+)*$")


def _scene(gazetteer: Gazetteer, by_country: dict[str, list[Province]], chance: random.Random) -> Slots:
    """The places of one report."""
    country, other = chance.sample(sorted(by_country), 2)
    province = chance.choice(by_country[country])
    elsewhere = chance.choice(by_country[country]).towns
    slots = {
        name: _place(gazetteer, row)
        for name, row in zip(("t1", "t2", "t3"), _weighted(gazetteer, province.towns, 3, chance), strict=True)
    }
    slots["f"] = _place(gazetteer, _weighted(gazetteer, elsewhere, 1, chance)[0])
    biggest = max((r for p in by_country[country] for r in p.towns), key=lambda r: gazetteer.columns["population"][r])
    abroad = chance.choice(by_country[other]).towns
    slots |= {"cap": _place(gazetteer, biggest), "x": _place(gazetteer, _weighted(gazetteer, abroad, 1, chance)[0])}
    slots |= {"y": _place(gazetteer, chance.choice(abroad)), "p": _unit(gazetteer, province.row, chance)}
    slots |= {
        "c": _place(gazetteer, gazetteer.country_rows[country]),
        "d": _place(gazetteer, gazetteer.country_rows[other]),
    }
    adjectives = sorted(w for w, c in lexicon.demonyms().items() if c == country and not w.endswith("s"))
    if adjectives:
        slots["a"] = (adjectives[0].title(), *slots["c"][1:])
    sites = _sites(gazetteer).get(country)
    if sites:
        slots["site"] = _place(gazetteer, chance.choice(sites))
    for slot in ("t1", "t2", "t3", "f", "x"):
        slots[slot] = _respelt(slots[slot], chance)
    slots["v"] = (_invented(slots["t2"][0], chance), None, None)
    return slots


def _weighted(gazetteer: Gazetteer, rows: Sequence[int], count: int, chance: random.Random) -> list[int]:
    """Distinct towns, bigger ones oftener, as in the news."""
    people = gazetteer.columns["population"][list(rows)].astype(float)
    keys = [chance.random() ** (1 / (1 + p) ** 0.5) for p in people]
    return [rows[n] for n in np.argsort(keys)[::-1][:count]]


def _place(gazetteer: Gazetteer, row: int) -> Place:
    place = gazetteer.candidate(row)
    return place.name, place.lat, place.lon


@cache
def _sites(gazetteer: Gazetteer) -> dict[str, list[int]]:
    """Country → rows of its bases, crossings and quarters."""
    found: dict[str, list[int]] = defaultdict(list)
    kinds = gazetteer.columns["kind"]
    for row in np.flatnonzero((kinds == Kind.SITE) | (kinds == Kind.QUARTER)):
        found[gazetteer.country(int(row)) or ""].append(int(row))
    return found


@cache
def _spellings() -> dict[tuple[str, float], list[str]]:
    """(name, latitude) → other spellings in Latin letters, as long as the name or nearly so."""
    return {
        (town.name, round(town.lat, 3)): [
            n for n in town.names
            if LATIN.match(n) and abs(len(n) - len(town.name)) < 4 and n != town.name and n[:1] == town.name[:1]
        ]
        for town in entries.cities()
    }  # fmt: skip


def _respelt(place: Place, chance: random.Random) -> Place:
    name, lat, lon = place
    others = _spellings().get((name, round(lat or 0.0, 3)))
    return (chance.choice(others), lat, lon) if others and chance.random() < 0.3 else place


def _unit(gazetteer: Gazetteer, row: int, chance: random.Random) -> Place:
    name, lat, lon = _place(gazetteer, row)
    return (name if " " in name else name + chance.choice(["", " province", " state", " region"])), lat, lon


def _invented(name: str, chance: random.Random) -> str:
    changed = VOWELS.sub(lambda _: chance.choice("aeiou"), name.lower())
    return (changed + chance.choice(["", "ga", "ri", "ka", "no", "abad"])).title()


def _filled(template: str, scene: Slots, data: dict[str, list[str]], chance: random.Random) -> Report:
    person = chance.sample(data["people"], 2)
    words = {"n": person[0], "m": person[1], "s": person[0].split()[-1], "w": chance.choice(data["agencies"])}
    words |= {"g": chance.choice(data["groups"]), "k": str(chance.randint(2, 60))}
    text, toponyms, end, plain = "", [], 0, chance.random() < 0.7
    for m in SLOT.finditer(template):
        text += template[end : m.start()]
        end, slot = m.end(), m[1].lower()
        name, lat, lon = scene.get(slot) or (words.get(slot, "local"), None, None)
        name = name.upper() if m[1].isupper() else name
        name = PLAIN.sub("", unicodedata.normalize("NFKD", name)) if plain else name
        shown = name[:1].upper() + name[1:] if not text or text.endswith((". ", "\n")) else name
        if slot in scene:
            extent = len(re.sub(r" (?:province|state|region)$", "", shown))
            toponyms.append((len(text), len(text) + extent, lat, lon))
        text += shown
    return Report(text + template[end:], toponyms)
