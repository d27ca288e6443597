"""With what: the weapons that a sentence names, and those that its words for the deed imply ("opened fire": small arms)."""

import re
from functools import cache
from typing import Literal, cast

import msgspec

from processors.extract.analysis import Analysis, Sentence
from processors.extract.phrases import PhraseIndex
from processors.lexicon.load import load
from processors.model import Count, Weapon, WeaponType

Manner = Literal["named", "implied"]


class WeaponWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]
    names: tuple[str, ...]
    implied: tuple[str, ...]


@cache
def _index() -> PhraseIndex[tuple[WeaponType, Manner]]:
    entries: list[tuple[str, tuple[WeaponType, Manner], bool]] = []
    for kind, lexicon in load("weapons", dict[str, WeaponWords]).items():
        weapon = cast(WeaponType, kind)
        entries += [(form, (weapon, "named"), False) for word in lexicon.words for form in (word, plural(word))]
        entries += [(name, (weapon, "named"), True) for name in lexicon.names]
        entries += [(word, (weapon, "implied"), False) for word in lexicon.implied]
    return PhraseIndex(entries)


def plural(word: str) -> str:
    """The regular plural of a phrase's last word."""
    if word.endswith("s"):
        return word
    if word.endswith(("ch", "sh", "x")):
        return word + "es"
    return word[:-1] + "ies" if re.search(r"[^aeiou]y$", word) else word + "s"


def weapon_words(text: str) -> list[tuple[int, int, WeaponType, Manner]]:
    """(start, end, type, named or implied) of every weapon word in a piece of text, left to right."""
    return [(start, end, kind, manner) for start, end, (kind, manner) in _index().find(text)]


def find_weapons(analysis: Analysis, sentence: Sentence) -> list[Weapon]:
    """Weapons of a sentence, named ones first; an implied one only where no named one is of its type."""
    hits = [hit for hit in weapon_words(sentence.read) if not _figurative(sentence, hit[0], hit[1])]
    named = [_weapon(sentence, *hit[:3]) for hit in hits if hit[3] == "named"]
    seen = {w.type for w in named}
    implied = [hit for hit in hits if hit[3] == "implied" and hit[2] not in seen]
    first = {hit[2]: hit for hit in reversed(implied)}
    return named + [_weapon(sentence, *hit[:3], counted=False) for hit in first.values()]


def _weapon(sentence: Sentence, start: int, end: int, kind: WeaponType, counted: bool = True) -> Weapon:
    span = sentence.cut(start, end)
    count = _count(sentence, start) if counted else None
    return Weapon(type=kind, text=span.text, start=span.start, end=span.end, count=count)


def _count(sentence: Sentence, start: int) -> Count | None:
    return None


NOT_WEAPON = re.compile(
    r"(?:bombs? (?:disposal|squad|shelters?|threats?|scares?|hoax)|mine (?:clearance|action|workers?|shaft)|shell compan)",
    re.I,
)


def _figurative(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the words are part of something that is no weapon: "bomb squad", "mine workers"."""
    match = NOT_WEAPON.match(sentence.read, start)
    return match is not None and match.end() > end
