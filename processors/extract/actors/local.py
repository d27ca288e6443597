"""Names that depend on what country a text is about: "the junta", "settlers", "the group's regional branch"."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from processors.extract.actors.names import ActorName, Known, find_names
from processors.extract.analysis import Analysis, per_document
from processors.extract.phrases import PhraseIndex
from processors.lexicon.load import load

Found = tuple[int, int, Known]


class LocalEntry(ActorName, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An actor that `also` means in texts on the states `there`, and so does a local branch of `branch_of`."""

    there: tuple[str, ...]
    also: tuple[str, ...] = ()
    branch_of: str | None = None


class Branches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    forms: tuple[str, ...]
    where: tuple[str, ...]
    body: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]


class LocalFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    actors: tuple[LocalEntry, ...]
    lands: dict[str, tuple[str, ...]]
    branches: Branches


@per_document
def states_told(analysis: Analysis) -> tuple[str, ...]:
    """ISO codes of the states and lands that a text names, also by adjective or force, the most often named first."""
    named = [
        known.options[0].country for s in analysis.sentences for _, _, known in find_names(s.read) if _state(known)
    ]
    counts = Counter(c for c in named if c)
    counts.update({code: n for code, words in _lands() if (n := len(words.findall(analysis.text)))})
    return tuple(code for code, _ in counts.most_common())


@cache
def _lands() -> tuple[tuple[str, re.Pattern[str]], ...]:
    lands = load("local", LocalFile, "actors").lands
    return tuple((code, re.compile(rf"\b(?:{'|'.join(words)})\b")) for code, words in lands.items())


def _state(known: Known) -> bool:
    return known.sort in {"state", "adjective", "force", "seat"}


def names_told(text: str, states: Sequence[str]) -> tuple[Found, ...]:
    """`find_names` with the names that count only in a text on one of `states`; of two that overlap the longer."""
    everywhere = find_names(text)
    local = list(_local(text, states)) if states else []
    kept = [n for n in everywhere if not any(_within(n, other) for other in local)]
    fresh = [n for n in local if not any(o[0] < n[1] and n[0] < o[1] for o in kept)]
    return tuple(sorted([*kept, *fresh], key=lambda n: n[0])) if fresh else everywhere


def _within(one: Found, other: Found) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def _local(text: str, states: Sequence[str]) -> Iterator[Found]:
    for start, end, entries in _index().find(text):
        fitting = (e for state in states for e in entries if state in e.there)
        if entry := next(fitting, None):
            same = tuple(e for e in entries if set(e.there) & set(entry.there))
            yield start, end, Known("alias", same)


@cache
def _index() -> PhraseIndex[tuple[LocalEntry, ...]]:
    table: dict[str, tuple[LocalEntry, ...]] = {}
    lexicon = load("local", LocalFile, "actors")
    for entry in lexicon.actors:
        for spelling in (*entry.also, *_branches(lexicon.branches, entry.branch_of)):
            table[spelling.casefold()] = (*table.get(spelling.casefold(), ()), entry)
    return PhraseIndex((phrase, entries, False) for phrase, entries in table.items())


def _branches(words: Branches, parent: str | None) -> Iterator[str]:
    for group in words.groups[parent] if parent else ():
        for form in words.forms:
            yield from (form.format(where=w, body=b, group=group) for w in words.where for b in words.body)
