"""How incidents hang together, only where words say so: a strike answered by another, the search and arrests after
an attack.
"""

from collections.abc import Callable, Sequence
from functools import cache

import msgspec

from processors.lexicon.load import load
from processors.model import EventType, Mention, Relation
from processors.resolve.told import Telling

MOST = 10
QUOTE = 240  # characters


class Cues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say how a mention answers another."""

    retaliation: tuple[str, ...]
    same_operation: tuple[str, ...]
    part_of: tuple[str, ...]
    follow_up_types: frozenset[EventType]


@cache
def _cues() -> Cues:
    return load("relations", Cues)


def relations(
    tellings: Sequence[Telling], incident_id: str, incident_of: Callable[[str, str], str | None]
) -> tuple[Relation, ...]:
    """What the tellings say this incident answered. `incident_of(item_key, entry_id)` names the incident an entry
    is in.
    """
    found: dict[tuple[str, str], Relation] = {}
    for telling in tellings:
        mention = telling.entry.mention
        if mention.response_to is None:
            continue
        other = incident_of(telling.entry.item_key, f"{telling.record.item}#{mention.response_to}")
        if other and other != incident_id:
            kind = relation_of(mention)
            found.setdefault(
                (other, kind), Relation(incident_id=other, relation=kind, quote=mention.words[:QUOTE] or None)
            )
    return tuple(found[k] for k in sorted(found))[:MOST]


def relation_of(mention: Mention) -> str:
    """The kind of relation that a responding mention's words and type say."""
    words, cues = mention.words.casefold(), _cues()
    if any(c in words for c in cues.retaliation):
        return "retaliation_for"
    if mention.event_type in cues.follow_up_types:
        return "follow_up_of"
    if any(c in words for c in cues.part_of):
        return "part_of"
    if any(c in words for c in cues.same_operation):
        return "same_operation"
    return "retaliation_for"
