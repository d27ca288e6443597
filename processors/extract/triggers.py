"""Which words can tell an event: the trigger lexicon, compiled so that one pass over a text's words finds them all.

Phrase notation (triggers.toml, methods.toml, modality.toml): words parted by blanks; `a|b` either; `~w` any form of the
verb w, `%w` singular or plural of the noun w; `a_b` two words that are one choice (`~hit|~run_over`); `*` up to four words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Literal

import msgspec

from processors.errors import ResourceError
from processors.extract.inflect import noun_forms, verb_forms
from processors.extract.late_regex import LateRegex
from processors.lexicon.load import load
from processors.model import EventType

WORD = re.compile(r"[^\W_]+")
SEPARATOR = r"(?:[\s\-‐–]+|['’]s\s+)[\"'“‘«(\[#]?"
WEAK = 0.35  # entries at most this strong ("incident", "violence") say nothing alone
FOLLOW_UP = 60  # words up to which a text may tell no more than what came of an event
GAP = r"(?:[\s\-‐–,]+[^\s,;:.!?—-][^\s,;:.!?]*){0,4}?"
POSSESSIVE = r"(?:['’]s)?"

Part = Literal["verb", "noun", "phrase"]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of triggers.toml; its head says what the fields mean."""

    id: str
    type: EventType
    examples: tuple[str, ...]
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    strength: float = 0.8
    generic: bool = False
    clipped: bool = False
    follow_up: bool = False
    object: tuple[str, ...] = ()
    no_object: tuple[str, ...] = ()
    no_subject: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()


class Triggers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """triggers.toml."""

    entry: tuple[Entry, ...]


class Classes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """classes.toml."""

    classes: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to say an entry. `regex` is matched at the anchor word; None: the anchor alone is enough.

    `verbal`: a phrase that begins with a verb.
    """

    entry: Entry
    part: Part
    regex: LateRegex | None
    verbal: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a text (offsets) that a pattern matches."""

    start: int
    end: int
    pattern: Pattern


def may_follow_up(text: str) -> bool:
    """Whether a text is short enough to tell no more than what came of an event that other items tell."""
    return len(text.split()) <= FOLLOW_UP


def hits(text: str) -> Iterator[Hit]:
    """Every place in `text` (any case) that a pattern of the lexicon matches, in order of the anchors."""
    lowered, anchors = lower(text), _anchors()
    words = [(m[0], m.start(), m.end()) for m in WORD.finditer(lowered)]
    present = {word for word, _, _ in words}
    for word, start, end in words:
        for pattern in anchors.get(word, ()):
            if pattern.regex is None:
                yield Hit(start, end, pattern)
            elif pattern.regex.possible(present) and (match := pattern.regex.match(lowered, start)):
                yield Hit(start, match.end(), pattern)


def lower(text: str) -> str:
    """Lower case without change of length."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def in_classes(words: Iterable[str], names: Iterable[str]) -> bool:
    """Whether one of the lower-case words or its singular belongs to one of the classes."""
    known = _classes()
    wanted = [known[name] for name in names]
    return any(w in c or w.removesuffix("s") in c for w in words for c in wanted)


def entries() -> tuple[Entry, ...]:
    """The lexicon. Raises ResourceError where an entry names a class that classes.toml lacks."""
    known = _classes()
    found = load("triggers", Triggers).entry
    for entry in found:
        for name in (*entry.object, *entry.no_object, *entry.no_subject, *entry.needs, *entry.bars):
            if name not in known:
                raise ResourceError(f"triggers.toml: entry {entry.id} names the unknown class {name!r}")
    return found


def anchored(phrase: str) -> tuple[frozenset[str], LateRegex]:
    """The words that may begin a phrase, up to a hyphen, and a regex for the whole phrase on lower-case text."""
    first, *rest = phrase.split()
    regex = _alternatives(first)
    for word in rest:
        regex += GAP if word == "*" else SEPARATOR + _alternatives(word)
    needed = [words for word in rest if word != "*" and "" not in (words := _beginnings(word))]
    return _beginnings(first) - {""}, LateRegex(regex + r"\b", min(needed, key=len, default=frozenset()))


def _beginnings(word: str) -> frozenset[str]:
    """What the forms of a phrase's word begin with, up to a hyphen; "" stands for a form that begins with a sign."""
    return frozenset(m[0] if (m := WORD.match(form)) else "" for form in _forms(word))


def _forms(word: str) -> list[str]:
    found: set[str] = set()
    for option in word.split("|"):
        first, *more = option.split("_")
        forms = {first}
        if first.startswith("~"):
            forms = set(verb_forms(first[1:]))
        elif first.startswith("%"):
            forms = set(noun_forms(first[1:]))
        found |= {"_".join([form, *more]) for form in forms}
    return sorted(found, key=lambda form: (-len(form), form))


def _alternatives(word: str) -> str:
    choices = (SEPARATOR.join(map(re.escape, form.split("_"))) for form in _forms(word))
    return f"(?:{'|'.join(choices)})\\b"


def _patterns(entry: Entry) -> Iterator[tuple[str, Pattern]]:
    single: list[tuple[Part, str]] = [("verb", f) for lemma in entry.verbs for f in verb_forms(lemma)]
    single += [("noun", f) for lemma in entry.nouns for f in noun_forms(lemma)]
    for part, form in single:
        parts = WORD.findall(form)
        source, needs = SEPARATOR.join(map(re.escape, parts)) + r"\b", frozenset(parts[-1:])
        regex = LateRegex(source, needs) if len(parts) > 1 else None
        yield parts[0], Pattern(entry, part, regex)
    for phrase in entry.phrases:
        anchors, compiled = anchored(phrase)
        for anchor in anchors:
            yield anchor, Pattern(entry, "phrase", compiled, phrase.startswith("~"))


@cache
def _anchors() -> dict[str, tuple[Pattern, ...]]:
    pairs = sorted((pair for entry in entries() for pair in _patterns(entry)), key=lambda pair: pair[0])
    return {anchor: tuple(p for _, p in group) for anchor, group in groupby(pairs, key=lambda pair: pair[0])}


@cache
def _classes() -> dict[str, frozenset[str]]:
    return load("classes", Classes).classes
