"""A noun in a parse as an actor: its words without articles and quantities, its kind, its canonical name."""

import re
from datetime import date

from spacy.tokens import Token

from processors.extract.actors.lexicon import frames, kind_of_name, kind_of_noun
from processors.extract.actors.names import ActorName, Known, find_names
from processors.extract.analysis import Sentence
from processors.model import Actor, ActorKind, Certainty

LEFT = frozenset({"compound", "amod", "nmod", "poss", "nummod", "advmod"})
DROPPED = frozenset({"det", "nummod", "predet", "quantmod", "advmod", "case", "punct", "poss", "cc", "neg"})


class Reader:
    """Reads noun phrases of one sentence. Names are looked up once for the whole sentence."""

    def __init__(self, sentence: Sentence, on: date | None = None, country: str | None = None) -> None:
        self.sentence, self.on, self.country = sentence, on, country
        self.names = find_names(sentence.read)

    def actor(self, token: Token, certainty: Certainty | None = None) -> Actor | None:
        """The actor that the noun phrase of `token` names or describes; None for pronouns and bare numbers."""
        token = core(token)
        if token.pos_ in {"PRON", "DET", "ADV", "PUNCT", "VERB", "AUX"} or (
            token.pos_ == "NUM" and token.ent_type_ != "ORG"
        ):
            return None
        if hit := self._name_at(token):
            return self._named(token, *hit, certainty)
        if token.pos_ == "PROPN" or token.ent_type_ in {"PERSON", "ORG", "NORP"}:
            return self._proper(token, certainty)
        return self._described(token, certainty)

    def adjective(self, token: Token) -> Actor | None:
        """The state whose people or forces an adjective names ("Russian rockets")."""
        hit = self._name_at(token)
        known = hit[2].choose(self.on, self.country) if hit and hit[2].sort in {"adjective", "state", "seat"} else None
        return self._build(hit[0], hit[1], known.kind, known, "reported") if hit and known else None

    def _name_at(self, token: Token) -> tuple[int, int, Known] | None:
        """A known name that ends the noun phrase, or that stands inside it before its head ("IRA bombers" is no name of the bombers)."""
        first, last = token.idx, token.idx + len(token)
        return next((n for n in self.names if n[0] < last and n[1] > first), None)

    def _named(self, token: Token, start: int, end: int, known: Known, certainty: Certainty | None) -> Actor | None:
        known_actor = known.choose(self.on, self.country)
        if known_actor is None:
            return self._described(token, certainty)
        if known.sort == "adjective" and end == token.idx + len(token) and token.pos_ not in {"PROPN", "NOUN", "ADJ"}:
            return None
        return self._build(start, end, known_actor.kind, known_actor, certainty)

    def _proper(self, token: Token, certainty: Certainty | None) -> Actor | None:
        start, end = name_bounds(token)
        text = self.sentence.read[start:end]
        words = re.findall(r"[\w'’-]+", text.lower())
        if not words:
            return None
        kind: ActorKind = (
            kind_of_noun(words) or kind_of_name(words) or ("individual" if token.ent_type_ == "PERSON" else "unknown")
        )
        if kind in {"facility", "vehicle", "infrastructure"} or token.ent_type_ in {"GPE", "LOC", "FAC"}:
            return self._build(start, end, kind if kind != "unknown" else "other", None, certainty)
        return self._build(start, end, kind, ActorName(name=text, kind=kind), certainty)

    def _described(self, token: Token, certainty: Certainty | None) -> Actor | None:
        start, end = phrase_bounds(token)
        words = [t.lemma_.lower() for t in token.doc if start <= t.idx < end]
        forms = [t.lower_ for t in token.doc if start <= t.idx < end]
        kind = kind_of_noun(forms) or kind_of_noun(words) or "unknown"
        owner = self._owner(token) if kind in {"state_force", "police", "government", "armed_group"} else None
        return self._build(start, end, kind, owner, certainty)

    def _owner(self, token: Token) -> ActorName | None:
        """The group or state whose fighters, soldiers or police these are: "Taliban fighters", "troops of the RSF"."""
        left = [c for c in token.lefts if c.dep_ in {"compound", "amod", "poss", "nmod"}]
        of = [
            p
            for c in token.rights
            if c.dep_ == "prep" and c.lower_ in {"of", "from"}
            for p in c.children
            if p.dep_ == "pobj"
        ]
        for child in [*reversed(left), *of]:
            if (hit := self._name_at(child)) and (found := hit[2].choose(self.on, self.country)):
                return found
        return None

    def _build(
        self, start: int, end: int, kind: ActorKind, name: ActorName | None, certainty: Certainty | None
    ) -> Actor:
        span = self.sentence.cut(start, end)
        return Actor(
            text=span.text,
            kind=kind,
            start=span.start,
            end=span.end,
            name=name.name if name else None,
            country=name.country if name else None,
            certainty=certainty,
        )


def core(token: Token) -> Token:
    """The noun that a quantity stands before: "dozens of people" → people, "a group of gunmen" → gunmen."""
    words = frames().quantities
    for _ in range(3):
        of = next((c for c in token.rights if c.dep_ == "prep" and c.lower_ == "of"), None)
        below = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
        if below is None or token.lemma_.lower() not in words:
            return token
        token = below
    return token


def phrase_bounds(token: Token) -> tuple[int, int]:
    """Characters of a noun with the modifiers just before it, without articles, numbers and possessors."""
    first = token
    for child in reversed(list(token.lefts)):
        if child.dep_ in DROPPED or child.dep_ not in LEFT or _quantity(child) or child.right_edge.i + 1 != first.i:
            break
        first = child.left_edge
    while first.i < token.i and (
        first.dep_ in {"det", "nummod"} or first.lower_ in frames().suspected or first.is_punct
    ):
        first = first.nbor(1)
    return first.idx, token.idx + len(token)


def _quantity(token: Token) -> bool:
    return (
        token.like_num
        or token.lemma_.lower() in frames().suspected
        or token.lower_
        in {"several", "many", "other", "such", "few", "more", "numerous", "various", "unidentified", "unknown"}
    )


def name_bounds(token: Token) -> tuple[int, int]:
    """Characters of the proper name around a token, without the titles before it."""
    doc = token.doc
    first = last = token.i
    while first > 0 and doc[first - 1].pos_ == "PROPN" and doc[first - 1].head.i in range(first - 1, last + 1):
        first -= 1
    while (
        last + 1 < len(doc)
        and doc[last + 1].pos_ == "PROPN"
        and doc[last + 1].head.i in range(first, last + 2)
        and doc[last + 1].dep_ in {"compound", "flat", "appos", "nmod"}
        and not doc[last + 1].is_punct
    ):
        last += 1
    while first < last and doc[first].lower_ in frames().titles:
        first += 1
    return doc[first].idx, doc[last].idx + len(doc[last])
