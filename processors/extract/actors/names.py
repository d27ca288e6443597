"""Names of armed groups, forces, police, gangs and states: every known spelling to one canonical name."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from typing import Literal

import msgspec

from processors.extract.phrases import PhraseIndex, fold, words_of
from processors.lexicon.load import load
from processors.model import ActorKind

REGIONS = ("middle_east", "africa", "asia", "europe", "americas", "international")
SHORT = 5  # letters up to which an abbreviation counts only as it is written


class ActorName(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A known actor. `since` and `until` are years; `country` is ISO 3166-1 alpha-2, None where it is in several."""

    name: str
    kind: ActorKind
    country: str | None = None
    since: int | None = None
    until: int | None = None

    def active(self, on: date | None) -> bool:
        """Whether the name was borne on a day."""
        return on is None or (self.since or 0) <= on.year <= (self.until or 9999)


class AliasEntry(ActorName, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An actor in the alias files: `also` are other spellings in Latin letters, `native` those in other languages."""

    also: tuple[str, ...] = ()
    native: tuple[str, ...] = ()


class AliasFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    actors: tuple[AliasEntry, ...]


class ForceWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: ActorKind
    name: str


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    adjectives: tuple[str, ...]
    seat: tuple[str, ...]
    also: tuple[str, ...] = ()
    native: tuple[str, ...] = ()


class StateFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    forces: dict[str, ForceWord]
    states: dict[str, State]


NameSort = Literal["alias", "force", "state", "adjective", "seat"]


class Known(msgspec.Struct, frozen=True):
    """What a phrase can stand for: `sort` says how it names the actor, `options` are the actors of that spelling."""

    sort: NameSort
    options: tuple[ActorName, ...]

    def choose(self, on: date | None = None, country: str | None = None) -> ActorName | None:
        """The actor that fits the day and, of several, the country. Where none bore the name on that day, one of the
        past: what is told may be history; but none that was still to come.
        """
        fitting = [o for o in self.options if o.active(on)]
        fitting = fitting or [o for o in self.options if on and (o.since or 0) <= on.year]
        return next((o for o in fitting if country and o.country == country), fitting[0] if fitting else None)


def _alias_entries() -> dict[str, list[ActorName]]:
    spellings: dict[str, list[ActorName]] = {}
    for region in REGIONS:
        for entry in load(region, AliasFile, "actors").actors:
            actor = ActorName(
                name=entry.name, kind=entry.kind, country=entry.country, since=entry.since, until=entry.until
            )
            for spelling in dict.fromkeys((entry.name, *entry.also, *entry.native)):
                spellings.setdefault(spelling, []).append(actor)
    return spellings


def _state_entries() -> Iterator[tuple[str, Known]]:
    for code, state in load("states", StateFile, "actors").states.items():
        whole = ActorName(name=state.name, kind="state_force", country=code)
        for seat in state.seat:
            yield seat, Known("seat", (whole,))
        for name in (state.name, *state.also, *state.native):
            yield name, Known("state", (whole,))
        for adjective in state.adjectives:
            yield adjective, Known("adjective", (whole,))
            yield adjective + "s", Known("adjective", (whole,))


@cache
def _forces() -> re.Pattern[str]:
    """The word for a force that follows a state's name or adjective: "Chadian army", "Chad's air force"."""
    nouns = sorted(load("states", StateFile, "actors").forces, key=len, reverse=True)
    return re.compile(rf"\.?(?:['’]s)?[ -](?P<noun>{'|'.join(nouns)})\b", re.I)


def _with_force(text: str, end: int, known: Known) -> tuple[int, Known] | None:
    """A state at whose words' end a force is named: where that ends, and which it is."""
    if known.sort not in {"state", "adjective"} or not (match := _forces().match(text, end)):
        return None
    lexicon = load("states", StateFile, "actors")
    code = known.options[0].country or ""
    state, force = lexicon.states[code], lexicon.forces[match["noun"].lower()]
    name = force.name.format(a=next(iter(state.adjectives), state.name), n=state.name)
    return match.end(), Known("force", (ActorName(name=name, kind=force.kind, country=code),))


@cache
def _states() -> PhraseIndex[Known]:
    return PhraseIndex((phrase, known, _abbreviation(phrase)) for phrase, known in _state_entries())


@cache
def _index() -> PhraseIndex[Known]:
    """Aliases before states. An alias that is a state's force too ("Syrian army") has that behind it for other years."""
    table: dict[tuple[str, ...], tuple[str, Known]] = {}
    for phrase, known in _state_entries():
        table[tuple(words_of(phrase))] = phrase, known
    for phrase, options in _alias_entries().items():
        table[tuple(words_of(phrase))] = phrase, Known("alias", (*options, *_composed(phrase)))
    return PhraseIndex((phrase, known, _abbreviation(phrase)) for phrase, known in table.values())


def _composed(phrase: str) -> tuple[ActorName, ...]:
    first = next(iter(_states().find(phrase)), None)
    force = _with_force(phrase, first[1], first[2]) if first and first[0] == 0 else None
    return force[1].options if force and force[0] == len(phrase) else ()


def _abbreviation(phrase: str) -> bool:
    """Whether only the very letters count: abbreviations, and single capitalised words that are common words too."""
    letters = phrase.replace(".", "").replace("-", "")
    return (len(letters) <= SHORT and letters.isupper()) or (" " not in phrase and fold(phrase) in COMMON)


# single names that are common words as well when they stand in lower case
COMMON = frozenset({"turkey", "chad", "jordan", "georgia", "polish", "contras", "fatah", "panama", "extraditables"})


@lru_cache(maxsize=1024)
def find_names(text: str) -> tuple[tuple[int, int, Known], ...]:
    """(start, end, what it stands for) of every known name in a piece of text, longest match, left to right."""
    found = []
    for start, end, known in _index().find(text):
        force = _with_force(text, end, known)
        found.append((start, *force) if force else (start, end, known))
    return tuple(found)


def resolve_name(text: str, lang: str | None = None, on: date | None = None) -> ActorName | None:  # noqa: ARG001
    """The actor that `text` as a whole names, on a given day; None where it is no known name. `lang` is not needed to
    tell spellings apart.
    """
    whole = text.strip()
    known = next((k for start, end, k in find_names(whole) if end - start == len(whole)), None)
    return known.choose(on) if known else None
