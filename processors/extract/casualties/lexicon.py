"""The words for harm to people, from `lexicon/<lang>/casualties.toml`."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from processors.extract.casualties.toll import Slot
from processors.lexicon.load import load

Sort = Literal["act", "undergo", "state", "noun", "toll", "lives"]


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word forms that say what became of people; `whole`: the dead may be among them, `of`: counts with its "of"."""

    slot: Slot
    sort: Sort
    forms: tuple[str, ...]
    whole: bool = False
    of: bool = False


class PeopleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    attackers: frozenset[str]
    fighters: frozenset[str]
    sizes: dict[str, int]
    references: frozenset[str]
    relatives: frozenset[str]
    persons: frozenset[str]
    things: frozenset[str]


class CueWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word classes that the rules name; what each is for stands in the file."""

    fatal: frozenset[str]
    to_death: frozenset[str]
    blows: frozenset[str]
    makes: frozenset[str]
    suffer: frozenset[str]
    wounds: frozenset[str]
    carry: frozenset[str]
    hospital: frozenset[str]
    condition: frozenset[str]
    conditions: frozenset[str]
    toll_words: frozenset[str]
    toll_to: frozenset[str]
    bring: frozenset[str]
    take_lives: frozenset[str]
    lose_lives: frozenset[str]
    reflexive: frozenset[str]
    own: frozenset[str]
    unreal: frozenset[str]
    unreal_heads: frozenset[str]
    reported_heads: frozenset[str]
    nobody_else: frozenset[str]
    part: frozenset[str]
    per_period: frozenset[str]
    also: frozenset[str]


class CasualtyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cue: tuple[Cue, ...]
    words: CueWords
    people: PeopleWords


@dataclass(frozen=True, slots=True)
class Lexicon:
    cues: dict[str, tuple[Cue, ...]]  # by word form
    words: CueWords
    people: PeopleWords


@cache
def lexicon(lang: str = "en") -> Lexicon:
    """The compiled lexicon. Raises ResourceError where the language has none."""
    raw = load("casualties", CasualtyWords, lang)
    cues: dict[str, list[Cue]] = {}
    for cue in raw.cue:
        for form in cue.forms:
            cues.setdefault(form, []).append(cue)
    return Lexicon({form: tuple(found) for form, found in cues.items()}, raw.words, raw.people)
