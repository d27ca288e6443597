"""With what: the weapons that a sentence names, and those that its words for the deed imply ("opened fire": small
arms).
"""

import re
from functools import cache
from typing import Literal, cast

import msgspec

from processors.extract.analysis import Analysis, Sentence
from processors.extract.numbers import find_numbers
from processors.extract.phrases import PhraseIndex
from processors.lexicon.load import load
from processors.model import Count, Weapon, WeaponType

Manner = Literal["named", "implied"]
WeaponHit = tuple[int, int, WeaponType, Manner]
MOST_BETWEEN = 3  # words between a number and the weapon that it counts


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


def weapon_words(text: str) -> list[WeaponHit]:
    """(start, end, type, named or implied) of every weapon word in a piece of text, left to right."""
    return [(start, end, kind, manner) for start, end, (kind, manner) in _index().find(text)]


def find_weapons(analysis: Analysis, sentence: Sentence) -> list[Weapon]:  # noqa: ARG001 - one signature for extractors
    """Weapons of a sentence, named ones first; an implied one only where no named one is of its type.

    An implied weapon ("opened fire": small arms) has no name in the text, so its `text` is empty; `start` and `end` are
    the words that imply it.
    """
    hits = [hit for hit in weapon_words(sentence.read) if not _figurative(sentence, hit[0], hit[1])]
    named = _joined(sentence, [hit for hit in hits if hit[3] == "named"])
    weapons = [_weapon(sentence, *hit) for hit in named]
    seen = {w.type for w in weapons}
    implied = {hit[2]: hit for hit in reversed(hits) if hit[3] == "implied" and hit[2] not in seen}
    spans = {kind: sentence.cut(hit[0], hit[1]) for kind, hit in implied.items()}
    return weapons + [Weapon(type=kind, text="", start=span.start, end=span.end) for kind, span in spans.items()]


def _joined(sentence: Sentence, hits: list[WeaponHit]) -> list[tuple[int, int, WeaponType]]:
    """Words of one weapon as one: "Grad rockets", "FPV drone". The last word gives the type, but for a carrier's."""
    joined: list[tuple[int, int, WeaponType]] = []
    for start, end, kind, _ in hits:
        if joined and sentence.read[joined[-1][1] : start] in {" ", "-"}:
            joined[-1] = (joined[-1][0], end, kind)
        else:
            joined.append((start, end, kind))
    return joined


def _weapon(sentence: Sentence, start: int, end: int, kind: WeaponType) -> Weapon:
    span = sentence.cut(start, end)
    return Weapon(type=kind, text=span.text, start=span.start, end=span.end, count=_count(sentence, start))


def _count(sentence: Sentence, start: int) -> Count | None:
    """The number that stands before a weapon's words, with nothing but adjectives between: "more than five Grad
    rockets".
    """
    before = [q for q in find_numbers(sentence.read) if q.end <= start and not q.article]
    if not before or len(sentence.read[before[-1].end : start].split()) > MOST_BETWEEN:
        return None
    between = sentence.read[before[-1].end : start]
    if re.search(r"[^\w\s-]|\b(?:of them|and|people|in|on|by|with|from|dead|wounded|killed|were|was)\b", between):
        return None
    return before[-1].count(sentence.start)


NOT_WEAPON = re.compile(
    r"bombs? (?:disposal|squad|shelters?|threats?|scares?|hoax)|mine (?:clearance|action|workers?|shaft)|shell compan",
    re.I,
)


def _figurative(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the words are part of something that is no weapon: "bomb squad", "mine workers"."""
    match = NOT_WEAPON.match(sentence.read, start)
    return match is not None and match.end() > end
