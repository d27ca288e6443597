"""How much of the hard sentences extraction gets right, by what makes them hard.

usage: python -m tests.corpus.hard [--on PHENOMENON …] [--show]

One line a phenomenon: values right of those expected, texts wholly right. `--show` prints what is wrong besides. What a
table of hard.toml may say stands at its head.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import msgspec

from processors.model import Actor, Count, Item, Mention
from processors.pipeline import Pipeline
from streams.placeindex import ready_index
from streams.settings import load

TEXTS = tuple(Path(__file__).with_name(name) for name in ("hard.toml", "hard_news.toml", "lay.toml"))
PUBLISHED = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)  # a Wednesday
TOLLS = ("killed", "injured", "attackers_killed")


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mention that must be told; what is None is not asked. Bounds as [min, max], [min], [] for unknown."""

    type: str | None = None
    modality: str = "actual"
    outcome: str | None = None
    date: str | None = None
    killed: tuple[int, ...] | None = None
    injured: tuple[int, ...] | None = None
    attackers_killed: tuple[int, ...] | None = None
    target: str | None = None
    origin: str | None = None
    perpetrator: str | None = None
    certainty: str | None = None
    kind: str | None = None
    victim: str | None = None
    weapon: str | None = None
    munitions: tuple[int, ...] | None = None
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Hard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text, what makes it hard, and what it tells."""

    on: str
    text: str
    told: tuple[Told, ...]
    source: str = "wire"
    background: bool = False


class Hards(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file; with `background`, mentions too many that are told as past, planned or denied are no fault."""

    hard: tuple[Hard, ...]
    background: bool = False


Check = tuple[bool, str]  # whether a value is right, and what was expected and read


def hard_texts() -> tuple[Hard, ...]:
    files = [msgspec.convert(tomllib.loads(path.read_text("utf-8")), Hards) for path in TEXTS]
    return tuple(msgspec.structs.replace(h, background=f.background) for f in files for h in f.hard)


def read(pipeline: Pipeline, hard: Hard) -> tuple[Mention, ...]:
    item = Item(source_id=hard.source, external_id="1", kind="new", published_at=PUBLISHED, body=hard.text, lang="en")
    [found] = pipeline.read([item])
    return found.mentions


def checks(hard: Hard, mentions: Sequence[Mention]) -> list[Check]:
    """Every expected value, each expected mention beside the one that fits it best; a mention too many is one fault."""
    told = {t.modality for t in hard.told} | {"actual"}
    mentions = [m for m in mentions if not hard.background or m.modality.value in told]
    slots: list[Mention | None] = [*mentions, *[None] * max(0, len(hard.told) - len(mentions))]
    ways = (
        [c for told, m in zip(hard.told, way, strict=True) for c in _against(told, m)]
        for way in permutations(slots, len(hard.told))
    )
    best = max(ways, key=lambda found: sum(right for right, _ in found))
    return [*best, (len(mentions) <= len(hard.told), f"mentions {len(hard.told)}: {len(mentions)}")]


def _against(told: Told, mention: Mention | None) -> Iterator[Check]:
    read = _values(mention) if mention else {}
    for name in told.__struct_fields__:
        wanted = getattr(told, name)
        if wanted is None or name in ("says", "never"):
            continue
        got = read.get(name)
        yield mention is not None and _fits(wanted, got), f"{name} {wanted}: {got}"
    said = [f"{c.slot} {c.stance} {c.by}" for c in mention.claims] if mention else []
    for claim in told.says:
        yield any(s.lower().startswith(claim.lower()) for s in said), f"says {claim}: {_of_slot(said, claim)}"
    for claim in told.never:
        yield not any(s.startswith(claim) for s in said), f"never {claim}: {said}"


def _of_slot(said: Sequence[str], claim: str) -> list[str]:
    return [s for s in said if s.split()[0] == claim.split()[0]]


def _fits(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, tuple):
        return bool(wanted == got)
    if not wanted:
        return not got
    if isinstance(got, list):
        return any(wanted.lower() in each.lower() for each in got)
    return bool(wanted == got)


def _values(mention: Mention) -> dict[str, Any]:
    places = {role: [p for p in mention.places if p.role == role] for role in ("target", "origin")}
    return {
        "type": mention.event_type.value,
        "modality": mention.modality.value,
        "outcome": mention.outcome,
        "date": mention.when.local_date if mention.when else None,
        **{slot: _bounds(getattr(mention, slot)) for slot in TOLLS},
        **{role: [f"{p.text} {p.name}" for p in found[:1]] for role, found in places.items()},
        "perpetrator": _named(mention.perpetrators),
        "certainty": [p.certainty or "" for p in mention.perpetrators],
        "kind": [p.kind for p in mention.perpetrators],
        "victim": _named(mention.victims),
        "weapon": [w.type for w in mention.weapons],
        "munitions": next((_bounds(w.count) for w in mention.weapons if w.count), ()),
    }


def _named(actors: Sequence[Actor]) -> list[str]:
    return [f"{a.text} {a.name or ''}" for a in actors]


def _bounds(count: Count | None) -> tuple[int, ...]:
    if count is None or count.min is None:
        return ()
    return (count.min,) if count.max is None else (count.min, count.max)


def measured(pipeline: Pipeline, only: Sequence[str] = ()) -> Iterator[tuple[Hard, list[Check]]]:
    for hard in hard_texts():
        if not only or hard.on in only:
            yield hard, checks(hard, read(pipeline, hard))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", nargs="*", default=[])
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    found = list(measured(Pipeline(gazetteer=ready_index(load(), lambda _: None)), options.on))
    for what in dict.fromkeys(hard.on for hard, _ in found):
        sys.stdout.writelines(_lines(what, [each for each in found if each[0].on == what], options.show))
    sys.stdout.writelines(_lines("all", found, False))


def _lines(what: str, found: Sequence[tuple[Hard, list[Check]]], show: bool) -> Iterator[str]:
    right = [ok for _, done in found for ok, _ in done]
    whole = sum(all(ok for ok, _ in done) for _, done in found)
    yield f"{what:28} {sum(right):4} of {len(right):4} values, {whole:3} of {len(found):3} texts\n"
    for hard, done in found if show else ():
        if wrong := [why for ok, why in done if not ok]:
            yield "\n        ".join([f"    {hard.text}", *wrong]) + "\n"


if __name__ == "__main__":
    main()
