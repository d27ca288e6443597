"""The words for harm to people, from `lexicon/<lang>/casualties.toml`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec

from processors.extract.casualties.toll import Slot
from processors.lexicon.load import load

Sort = Literal["act", "undergo", "state", "noun"]


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word forms that say what became of people; `whole`: the dead may be among them, `of`: counts with its "of",
    `weak`: said of things too, `fatal`: counts only with a word for death beside it, `before`: only before its noun,
    `bare`: only with nothing that is fallen into, suffered or recovered,
    `objects`: of its object only.
    """

    slot: Slot
    sort: Sort
    forms: tuple[str, ...]
    whole: bool = False
    of: bool = False
    weak: bool = False
    fatal: bool = False
    before: bool = False
    bare: bool = False
    objects: bool = False


class PeopleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    attackers: frozenset[str]
    fighters: frozenset[str]
    sizes: dict[str, int]
    groups: frozenset[str]
    sortless: frozenset[str]
    references: frozenset[str]
    relatives: frozenset[str]
    persons: frozenset[str]
    things: frozenset[str]
    endings: tuple[str, ...]
    aimed_at: frozenset[str]


class CueWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word classes that the rules name; what each is for stands in the file."""

    fatal: frozenset[str]
    blows: frozenset[str]
    makes: frozenset[str]
    between: frozenset[str]
    total: frozenset[str]
    toll_to: frozenset[str]
    injury: frozenset[str]
    life: frozenset[str]
    take_lives: frozenset[str]
    lose_lives: frozenset[str]
    possessives: frozenset[str]
    own: frozenset[str]
    reflexive: frozenset[str]
    suicide: frozenset[str]
    turn: frozenset[str]
    fatally: frozenset[str]
    events: frozenset[str]
    deadly: frozenset[str]
    homicide: frozenset[str]
    attempted: frozenset[str]
    multiple: dict[str, int]
    suffer: frozenset[str]
    wounds: frozenset[str]
    maybe_fatal: frozenset[str]
    carry: frozenset[str]
    hospital: frozenset[str]
    condition: frozenset[str]
    conditions: frozenset[str]
    none: frozenset[str]
    none_hurt: frozenset[str]
    none_killed: frozenset[str]
    unreal: frozenset[str]
    unreal_heads: frozenset[str]
    deny: frozenset[str]
    part: frozenset[str]
    states: frozenset[str]
    hurt_states: frozenset[str]
    limbs: frozenset[str]
    codes: dict[str, Slot]
    unhurt: frozenset[str]
    everybody: frozenset[str]
    named_by_deed: frozenset[str]
    unaware: frozenset[str]
    deadly_to_self: frozenset[str]
    young: frozenset[str]
    ordinals: dict[str, int]
    running: frozenset[str]
    totals: frozenset[str]
    identify: frozenset[str]
    broken: frozenset[str]
    seek: frozenset[str]
    help: frozenset[str]
    wards: frozenset[str]
    medical: frozenset[str]
    treat: frozenset[str]
    carers: frozenset[str]
    fight: frozenset[str]
    survive: frozenset[str]
    hurt_people: frozenset[str]
    dead_people: frozenset[str]
    include: frozenset[str]
    throats: frozenset[str]
    slit: frozenset[str]
    recover: frozenset[str]
    several: tuple[str, ...]
    boasters: frozenset[str]
    neuter: frozenset[str]
    authorities: frozenset[str]
    price: frozenset[str]
    belligerents: frozenset[str]
    funerals: frozenset[str]
    supreme: frozenset[str]
    enemy: frozenset[str]
    handed: frozenset[str]
    wrong: frozenset[str]
    rumours: frozenset[str]
    unknown: frozenset[str]
    counted: frozenset[str]
    bring: frozenset[str]
    martyr_verbs: frozenset[str]
    martyrs: frozenset[str]
    stay: frozenset[str]
    long_events: frozenset[str]
    boasts: frozenset[str]
    own_side: frozenset[str]
    background: tuple[str, ...]
    stems: tuple[str, ...]


class CasualtyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cue: tuple[Cue, ...]
    words: CueWords
    people: PeopleWords


@dataclass(frozen=True, slots=True)
class Lexicon:
    cues: dict[str, tuple[Cue, ...]]  # by word form
    any_cue: re.Pattern[str]  # found in lower-cased text that can hold a toll at all
    background: re.Pattern[str]  # told of a year, a war, a series
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
    return Lexicon(
        cues={form: tuple(found) for form, found in cues.items()},
        any_cue=_any_of(raw.words.stems, cues),
        background=re.compile("|".join((*raw.words.background, *raw.words.several))),
        words=raw.words, people=raw.people,
    )  # fmt: skip


def _any_of(stems: Sequence[str], forms: Iterable[str]) -> re.Pattern[str]:
    """The stems, and the forms that hold none of them as whole words."""
    stem = "|".join(map(re.escape, stems))
    others = [form for form in forms if not re.search(stem, f" {form} ")]
    return re.compile(rf"{stem}|\b(?:{'|'.join(map(re.escape, others))})\b" if others else stem)
