"""The word lists behind actors: which noun is what kind of actor, and what verbs and nouns do with
their complements.
"""

from functools import cache
from typing import cast

import msgspec

from processors.lexicon.load import load
from processors.model import ActorKind


class NounLists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    state_force: tuple[str, ...]
    police: tuple[str, ...]
    armed_group: tuple[str, ...]
    criminal_group: tuple[str, ...]
    individual: tuple[str, ...]
    crowd: tuple[str, ...]
    government: tuple[str, ...]
    party: tuple[str, ...]
    civilians: tuple[str, ...]
    facility: tuple[str, ...]
    vehicle: tuple[str, ...]
    infrastructure: tuple[str, ...]


class NameWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    armed_group: tuple[str, ...]
    criminal_group: tuple[str, ...]
    state_force: tuple[str, ...]
    police: tuple[str, ...]
    government: tuple[str, ...]
    party: tuple[str, ...]


class Frames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    suffer: frozenset[str]
    parry: frozenset[str]
    harm: frozenset[str]
    violent: frozenset[str]
    light: frozenset[str]
    events: frozenset[str]
    of_patient: frozenset[str]
    ranged: frozenset[str]
    onto: frozenset[str]
    quantities: frozenset[str]
    suspected: frozenset[str]
    titles: frozenset[str]


class ActorWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: NounLists
    names: NameWords
    frames: Frames


@cache
def frames() -> Frames:
    return load("actors", ActorWords).frames


@cache
def _nouns() -> dict[str, ActorKind]:
    table: dict[str, ActorKind] = {}
    for kind, nouns in msgspec.structs.asdict(load("actors", ActorWords).kinds).items():
        for noun in nouns:
            table.setdefault(noun, cast(ActorKind, kind))
    return table


@cache
def _name_words() -> dict[str, ActorKind]:
    table: dict[str, ActorKind] = {}
    for kind, words in msgspec.structs.asdict(load("actors", ActorWords).names).items():
        for word in words:
            table.setdefault(word, cast(ActorKind, kind))
    return table


def kind_of_noun(words: list[str]) -> ActorKind | None:
    """The kind of a noun phrase by its last two words or its last one (lemmas or forms, lower case)."""
    nouns = _nouns()
    pair, last = " ".join(words[-2:]), words[-1] if words else ""
    return nouns.get(pair) or nouns.get(last) or nouns.get(pair.removesuffix("s")) or nouns.get(last.removesuffix("s"))


REBEL = frozenset(
    {"liberation", "republican", "republic", "resistance", "revolutionary", "people's", "peoples", "jihad"}
)


def kind_of_name(words: list[str]) -> ActorKind | None:
    """The kind of a proper name by a telling word in it, the last such word first; a "Liberation Army" is no state's."""
    table = _name_words()
    kind = next((table[word] for word in reversed(words) if word in table), None)
    rebel = kind == "state_force" and not REBEL.isdisjoint(words)
    return "armed_group" if rebel else kind


AGENTS: frozenset[ActorKind] = frozenset(
    {"state_force", "police", "armed_group", "criminal_group", "individual", "crowd", "government", "party"}
)
PEOPLE: frozenset[ActorKind] = frozenset({*AGENTS, "civilians"})
THINGS: frozenset[ActorKind] = frozenset({"facility", "vehicle", "infrastructure"})
