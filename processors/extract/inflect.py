"""English word forms of a lemma, for lexicons that list lemmas only."""

from collections.abc import Iterator
from functools import cache

import msgspec

from processors.lexicon.load import load

VOWELS = "aeiou"
IRREGULAR_PLURALS = ("man", "woman", "child")


class Inflections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Verbs that double their last consonant, and all forms of irregular words but the lemma."""

    doubling: frozenset[str]
    irregular: dict[str, tuple[str, ...]]


def verb_forms(lemma: str) -> frozenset[str]:
    """The lemma and its inflected forms, lower case."""
    irregular = _inflections().irregular.get(lemma)
    return frozenset([lemma, *(irregular or _regular(lemma))])


def noun_forms(lemma: str) -> frozenset[str]:
    """Singular and plural."""
    irregular = _inflections().irregular.get(lemma, ()) if lemma in IRREGULAR_PLURALS else ()
    return frozenset([lemma, *(irregular or [_third(lemma)])])


def _third(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh", "z")):
        return word + "es"
    return word[:-1] + "ies" if word.endswith("y") and word[-2] not in VOWELS else word + "s"


def _regular(word: str) -> Iterator[str]:
    yield _third(word)
    if word.endswith("e"):
        yield from (word + "d", word[:-1] + "ing")
    elif word.endswith("y") and word[-2] not in VOWELS:
        yield from (word[:-1] + "ied", word + "ing")
    elif word in _inflections().doubling:
        yield from (word + word[-1] + "ed", word + word[-1] + "ing")
    else:
        yield from (word + "ed", word + "ing")


@cache
def _inflections() -> Inflections:
    return load("inflections", Inflections)
