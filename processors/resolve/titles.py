"""An incident's title, read at a glance: what, where."""

from collections.abc import Sequence
from functools import cache

import msgspec

from processors.lexicon.load import load
from processors.model import Actor, EventType, Outcome, Place


class Titles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """English names of the event types and of the countries' short forms."""

    types: dict[EventType, str]
    outcomes: dict[str, str]


@cache
def _titles() -> Titles:
    return load("titles", Titles)


def title(kind: EventType, outcome: Outcome, places: Sequence[Place], targets: Sequence[Actor]) -> str:
    """Such as "Failed rocket attack on bus station, Mardan, PK"."""
    name = _titles().types[kind]
    prefix = _titles().outcomes.get(outcome, "")
    what = f"{prefix} {name[0].lower()}{name[1:]}" if prefix else name
    where = next((p for p in places if p.role == "target"), None)
    target = next((t.name or t.text for t in targets if len(t.text) <= 40), None)
    parts = [f"{what}: {target}" if target else what]
    if where is not None:
        parts += [where.name or where.text]
        parts += [where.country] if where.country and where.precision != "country" else []
    return ", ".join(parts)
