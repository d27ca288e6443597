"""Who speaks: the words for a speaker, what kind of speaker it is, whether anybody is named."""

from datetime import date
from functools import cache
from typing import Literal, cast

import msgspec
from spacy.tokens import Token

from processors.extract.actors.names import Known, find_names
from processors.extract.analysis import Sentence
from processors.lexicon.load import load
from processors.model import Span, Stance

SpeakerKind = Literal[
    "official", "military", "police", "medics", "locals", "witness", "monitor", "media", "party", "unknown"
]


class Verbs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reports: frozenset[str]
    confirms: frozenset[str]
    claims: frozenset[str]
    suspects: frozenset[str]
    denies: frozenset[str]


class According(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phrases: tuple[str, ...]


class Anonymity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    anonymous: frozenset[str]
    cues: tuple[str, ...]


class Hedges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]


class Denials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Regular expressions, matched in any case."""

    fact: tuple[str, ...]
    own: tuple[str, ...]
    killed: tuple[str, ...]
    aside: tuple[str, ...]
    part: tuple[str, ...]
    deeds: tuple[str, ...]
    blame: tuple[str, ...]
    dead: tuple[str, ...]
    hurt: tuple[str, ...]


class SpeakerWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    verbs: Verbs
    according: According
    nouns: dict[SpeakerKind, frozenset[str]]
    anonymity: Anonymity
    hedges: Hedges
    denials: Denials


class Speaker(msgspec.Struct, frozen=True, kw_only=True):
    """Who says it. `text` is who as written, `by` the same without articles; `party` the canonical name of an
    interested side.
    """

    text: str
    by: str
    kind: SpeakerKind
    anonymous: bool = False
    party: str | None = None
    span: Span | None = None


def lexicon() -> SpeakerWords:
    return load("speakers", SpeakerWords)


@cache
def stance_verbs() -> dict[str, Stance]:
    """Lemma of a verb of saying to the stance it takes."""
    lists = msgspec.structs.asdict(lexicon().verbs)
    return {verb: cast(Stance, stance) for stance, verbs in lists.items() for verb in verbs}


SPEAKING = frozenset({"PERSON", "ORG", "GPE", "NORP"})


def speaker_of(sentence: Sentence, token: Token, on: date | None = None) -> Speaker | None:
    """The speaker that a noun phrase names; None where it is no one who can speak ("It", "the attack")."""
    start, end = _bounds(token)
    span = sentence.cut(start, end)
    kind, known = kind_of(token, sentence, start, end)
    if kind == "unknown" and token.ent_type_ not in SPEAKING and token.pos_ != "PROPN":
        return None
    party = known.choose(on) if known and known.sort != "seat" else None
    return Speaker(
        text=span.text,
        by=without_article(span.text),
        kind=kind,
        anonymous=_anonymous(sentence, token),
        party=party.name if party else None,
        span=span,
    )


def without_article(text: str) -> str:
    """A noun phrase without its leading article, in one line."""
    words = text.split()
    while words and words[0].lower() in {"the", "a", "an", "one", "its", "their", "his", "her"}:
        words = words[1:]
    return " ".join(words) or text


def _bounds(token: Token) -> tuple[int, int]:
    """The noun phrase without relative clauses and appositions."""
    first, last = token.left_edge, token
    for child in token.rights:
        if child.dep_ in {"prep", "compound", "nmod", "conj", "cc", "flat", "poss", "case"} and child.i == last.i + 1:
            last = child.right_edge
        elif child.dep_ in {"relcl", "appos", "punct", "acl", "advcl"}:
            break
    while last.dep_ == "cc" and last.i > token.i:  # "Wu and [a police spokeswoman]"
        last = last.nbor(-1)
    return first.idx, last.idx + len(last)


def kind_of(token: Token, sentence: Sentence, start: int, end: int) -> tuple[SpeakerKind, Known | None]:
    """What kind of speaker the words are, and the known actor among them."""
    names = find_names(sentence.read[start:end])
    known = names[0][2] if names else None
    words = [t.lemma_.lower() for t in token.subtree if start <= t.idx < end]
    text = sentence.read[start:end].lower()
    kind = _noun_kind(token.lemma_.lower(), token.lower_, text)
    if known and known.sort == "alias" and known.options[0].kind in {"armed_group", "criminal_group"}:
        return (
            kind if kind in {"medics", "police", "monitor"} or token.lower_ == "ministry" else None
        ) or "party", known
    if kind:
        return kind, known
    if known and known.sort in {"state", "seat", "force", "alias"}:
        return (
            "military" if known.options[0].kind == "state_force" and known.sort in {"force", "alias"} else "official"
        ), known
    return next((k for w in words if (k := _noun_kind(w, w, w))), "unknown"), known


CLOSER: tuple[SpeakerKind, ...] = ("police", "military", "medics")  # what an official is, where the words say it


def _noun_kind(lemma: str, form: str, text: str) -> SpeakerKind | None:
    table = lexicon().nouns
    special = next((k for k, nouns in table.items() for noun in nouns if " " in noun and noun in text), None)
    if special:
        return special
    kind = next((k for k, nouns in table.items() if lemma in nouns or form in nouns), None)
    if kind == "official":
        words = set(text.replace("'s", "").split())
        return next((k for k in CLOSER if words & table[k]), kind)
    return kind


def _anonymous(sentence: Sentence, token: Token) -> bool:
    """Whether nobody is named: a bare "official", "sources", or a plea for anonymity beside it."""
    words = lexicon().anonymity
    if any(cue in sentence.read.lower() for cue in words.cues):
        return True
    named = any(t.ent_type_ == "PERSON" for t in token.subtree)
    return not named and token.lemma_.lower() in words.anonymous
