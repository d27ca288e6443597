"""The number words of a language, from `lexicon/<lang>/numbers.toml`, ready to look up."""

import re
from dataclasses import dataclass
from functools import cache

import msgspec

from processors.lexicon.load import load


class NumberWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`lexicon/<lang>/numbers.toml`: words by value; phrases may hold blanks."""

    value: dict[str, tuple[str, ...]]
    multiplier: dict[str, tuple[str, ...]] = {}
    vague: dict[str, tuple[str, ...]] = {}
    fixed: dict[str, tuple[str, ...]] = {}
    none: dict[str, tuple[str, ...]] = {}
    article: dict[str, tuple[str, ...]] = {}
    more: dict[str, tuple[str, ...]] = {}
    bound: dict[str, tuple[str, ...]] = {}
    bound_after: dict[str, tuple[str, ...]] = {}
    range: dict[str, tuple[str, ...]] = {}
    not_people: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Lexicon:
    value: dict[str, int]
    multiplier: dict[str, int]
    phrases: dict[str, list[tuple[tuple[str, ...], str, int]]]  # by first word: words, sort, value
    bounds: dict[str, list[tuple[tuple[str, ...], str]]]  # by last word: words, sort
    bounds_after: list[tuple[tuple[str, ...], str]]
    between: frozenset[str]
    to: frozenset[str]
    more: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]
    months: frozenset[str]
    currency: frozenset[str]
    people: frozenset[str]


@cache
def lexicon(lang: str) -> Lexicon:
    """The number words of a language, ready to use. Raises ResourceError where it has none."""
    words = load("numbers", NumberWords, lang)
    bounds: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for sort, phrases in words.bound.items():
        for phrase in phrases:
            split = tuple(phrase.split())
            bounds.setdefault(split[-1], []).append((split, sort))
    return Lexicon(
        value=_by_word(words.value), multiplier=_by_word(words.multiplier), phrases=_phrases(words),
        bounds={k: sorted(v, key=lambda x: -len(x[0])) for k, v in bounds.items()},
        bounds_after=[(tuple(p.split()), sort) for sort, ps in words.bound_after.items() for p in ps],
        between=frozenset(words.range.get("between", ())), to=frozenset(words.range.get("to", ())),
        more=frozenset(words.more.get("words", ())),
        **{k: frozenset(words.not_people.get(k, ())) for k in ("after", "before", "months", "currency", "people")},
    )  # fmt: skip


def _by_word(table: dict[str, tuple[str, ...]]) -> dict[str, int]:
    return {word: int(value) for value, words in table.items() for word in words}


def _phrases(words: NumberWords) -> dict[str, list[tuple[tuple[str, ...], str, int]]]:
    found: dict[str, list[tuple[tuple[str, ...], str, int]]] = {}
    rows = [(p, "vague", int(n)) for n, ps in words.vague.items() for p in ps]
    rows += [(p, "fixed", int(n)) for n, ps in words.fixed.items() for p in ps]
    rows += [(p, "none", 0) for ps in words.none.values() for p in ps]
    rows += [(p, "article", 1) for ps in words.article.values() for p in ps]
    rows += [(p, "more", 1) for p in words.more.get("words", ()) if p.split()[0] in ("another", "a", "an", "one")]
    for phrase, sort, value in rows:
        split = tuple(t for w in phrase.split() for t in re.findall(r"\w+|-", w))
        found.setdefault(split[0], []).append((split, sort, value))
    return {k: sorted(v, key=lambda x: -len(x[0])) for k, v in found.items()}
