"""A noun in a parse as an actor: its words without articles and quantities, its kind, its canonical name."""

import re
from datetime import date

from spacy.tokens import Token

from processors.extract.actors.lexicon import THINGS, frames, kind_of_name, kind_of_noun
from processors.extract.actors.local import names_told
from processors.extract.actors.names import ActorName, Known, NameSort
from processors.extract.actors.syntax import speaker_behind
from processors.extract.analysis import Sentence
from processors.extract.weapons import weapon_words
from processors.model import Actor, ActorKind, Certainty

LEFT = frozenset({"compound", "amod", "nmod", "poss", "nummod", "advmod"})
DROPPED = frozenset({"det", "nummod", "predet", "quantmod", "advmod", "case", "punct", "poss", "cc", "neg"})


UNNAMING = frozenset({"PRON", "DET", "ADV", "PUNCT", "VERB", "AUX", "SYM", "SPACE"})
GANGS = frozenset({"armed_group", "criminal_group"})
HOUSES = frozenset({"office", "headquarters", "building", "house", "home", "residence", "embassy", "branch", "plant"})
NAMED_BY = frozenset({"group", "outfit", "organisation", "organization", "faction", "forum", "coalition", "movement"})
CALLED = re.compile(
    r",? (?:calling (?:itself|themselves)|(?:that|which) calls itself|known as|called|named|self-styled)?"
    r" ?(?:the )?[\"“'‘«]?(?P<name>(?:\d+ )?[A-Z][\w'’-]+(?:[ -](?:of |the |al-|de |del |la )*[A-Z][\w'’-]*)*)[\"”'’»]?"
)
UNIT = re.compile(
    r"\b\d{1,3}(?:st|nd|rd|th) (?:[A-Z][\w-]+ ){0,3}(?:Brigade|Regiment|Battalion|Division|Corps|Army|Squadron)\b"
)
OWNED: frozenset[ActorKind] = frozenset(
    {"state_force", "police", "government", "armed_group", "individual", "criminal_group"}
)
FORCES = frozenset({"force", "troop", "soldier", "army", "military", "troops", "forces", "jet", "government"})


class Reader:
    """Reads noun phrases of one sentence. Names are looked up once for the whole sentence. `states`: ISO codes of those
    that the text is about, the first the most.
    """

    def __init__(self, sentence: Sentence, on: date | None = None, states: tuple[str, ...] = ()) -> None:
        self.sentence, self.on, self.country = sentence, on, next(iter(states), None)
        self.names = names_told(sentence.read, states)

    def actor(self, token: Token, certainty: Certainty | None = None) -> Actor | None:
        """The actor that the noun phrase of `token` names or describes; None for pronouns and bare numbers."""
        token = core(token)
        if token.pos_ in UNNAMING or (token.pos_ == "NUM" and token.ent_type_ != "ORG"):
            return None
        if hit := self._name_at(token):
            return self._named(token, *hit, certainty)
        if named := self._called(token, certainty) or self._numbered(token, certainty):
            return named
        if token.pos_ == "PROPN" or token.ent_type_ in {"PERSON", "ORG", "NORP"}:
            return self._proper(token, certainty)
        return self._described(token, certainty)

    def _called(self, token: Token, certainty: Certainty | None) -> Actor | None:
        """The name that follows a word for a group: "the gang Red Hill", "a group calling itself …", "a group,
        X, …".
        """
        kind = kind_of_noun([token.lower_]) or kind_of_noun([token.lemma_.lower()])
        if token.lower_ not in NAMED_BY and kind not in {"armed_group", "criminal_group"}:
            return None
        after = self.sentence.read[token.idx + len(token) :]
        if match := CALLED.match(after):
            start = token.idx + len(token) + match.start("name")
            end = token.idx + len(token) + match.end("name")
            known = next((n for n in self.names if n[0] >= start and n[0] < end), None)
            actor = known[2].choose(self.on, self.country) if known else None
            own = actor or ActorName(name=self.sentence.read[start:end], kind=kind if kind in GANGS else "armed_group")
            return self._build(start, end, own.kind, own, certainty)
        return None

    def _numbered(self, token: Token, certainty: Certainty | None) -> Actor | None:
        """A unit by its number: "the 47th Mechanized Brigade"."""
        last = token.idx + len(token)
        unit = next((m for m in UNIT.finditer(self.sentence.read) if m.end() == last), None)
        named = ActorName(name=unit[0], kind="state_force") if unit else None
        return self._build(unit.start(), unit.end(), "state_force", named, certainty) if unit else None

    def state(self, token: Token) -> tuple[Actor, NameSort] | None:
        """The state that a word names, by its name, its seat or its adjective ("Russian rockets"), and by which."""
        hit = self._name_at(token)
        known = hit[2].choose(self.on, self.country) if hit and hit[2].sort in {"adjective", "state", "seat"} else None
        return (self._build(hit[0], hit[1], known.kind, known, "reported"), hit[2].sort) if hit and known else None

    def _name_at(self, token: Token) -> tuple[int, int, Known] | None:
        """A known name that ends the noun phrase, or that stands inside it before its head ("IRA bombers" is no name
        of the bombers).
        """
        first, last = token.idx, token.idx + len(token)
        hit = next((n for n in self.names if n[0] < last and n[1] > first), None)
        return None if hit and hit[2].sort in {"state", "seat"} and _surname(token, hit[0]) else hit

    def known(self, start: int, end: int, actor: ActorName, certainty: Certainty) -> Actor:
        """A known actor at the characters `start` to `end` of the sentence."""
        return self._build(start, end, actor.kind, actor, certainty)

    def _within(self, start: int, end: int) -> list[tuple[int, int, Known]]:
        return [n for n in self.names if start <= n[0] and n[1] <= end]

    def _named(self, token: Token, start: int, end: int, known: Known, certainty: Certainty | None) -> Actor | None:
        known_actor = known.choose(self.on, self.country)
        if known_actor is None:
            return self._described(token, certainty)
        if known.sort == "seat" and self.sentence.read[start:end].isupper():
            return None  # a dateline
        if known.sort == "adjective" and end == token.idx + len(token) and token.pos_ not in {"PROPN", "NOUN", "ADJ"}:
            return None
        return self._build(start, end, known_actor.kind, known_actor, certainty)

    def _proper(self, token: Token, certainty: Certainty | None) -> Actor | None:
        start, end = name_bounds(token)
        text = self.sentence.read[start:end]
        words = re.findall(r"[\w'’-]+", text.lower())
        if not words or token.ent_type_ in {"DATE", "TIME", "CARDINAL", "QUANTITY"}:
            return None
        if _generic(words):
            return self._described(token, certainty)
        if weapon_words(text) or (
            kind_of_noun(words[-1:]) in OWNED and any(n[2].sort == "alias" for n in self._within(start, end))
        ):
            return self._described(token, certainty)
        kind = kind_of_name(words) or kind_of_noun(words) or _kind_of_entity(token, words)
        if kind in THINGS or token.ent_type_ in {"GPE", "LOC", "FAC"}:
            return self._build(start, end, kind if kind in THINGS else "other", None, certainty)
        return self._build(start, end, kind, ActorName(name=text, kind=kind), certainty)

    def _described(self, token: Token, certainty: Certainty | None) -> Actor | None:
        start, end = phrase_bounds(token)
        inside = [t for t in token.doc[token.left_edge.i : token.i + 1] if start <= t.idx]
        words = [t.lemma_.lower() for t in inside]
        house = token.lemma_.lower() in HOUSES
        forms = [t.lower_ for t in inside]
        kind = kind_of_noun(forms) or kind_of_noun(words) or "unknown"
        owner = self._owner(token) if kind in OWNED or kind == "unknown" else None
        if kind in {"unknown", "individual", "state_force"} and owner and owner.kind in GANGS:
            kind = owner.kind
        elif kind == "state_force" and any(kind_of_noun([w]) == "armed_group" for w in words[:-1]):
            kind = "armed_group"  # "guerrilla forces"
        end = _whose(token) if house else end
        return self._build(start, end, kind, owner if kind != "unknown" else None, certainty)

    def _owner(self, token: Token) -> ActorName | None:
        """The group or state whose fighters, soldiers or police these are: "Taliban fighters", "troops of the RSF"."""
        left = [c for c in token.lefts if c.dep_ in {"compound", "amod", "poss", "nmod"}]
        if own := next((c for c in left if c.dep_ == "poss" and c.lower_ in {"its", "their", "our"}), None):
            return self._speaking(own)
        of = [
            p
            for c in token.rights
            if c.dep_ == "prep" and c.lower_ in {"of", "from"}
            for p in c.children
            if p.dep_ == "pobj"
        ]
        for child in [*reversed(left), *of]:
            hit = self._name_at(child)
            usable = hit and (hit[2].sort == "alias" or token.lemma_.lower() in FORCES)
            if hit and usable and (found := hit[2].choose(self.on, self.country)):
                return found
            if not hit and kind_of_noun([child.lemma_.lower()]) in GANGS:  # "men of the Los Choneros gang"
                known = next((n for c in child.lefts if (n := self._name_at(c)) and n[2].sort == "alias"), None)
                if known and (found := known[2].choose(self.on, self.country)):
                    return found
            if not hit and (called := self._called(child, None)) and called.name and called.kind in GANGS:
                return ActorName(name=called.name, kind=called.kind)
            if (
                not hit
                and child.pos_ == "PROPN"
                and (proper := self._proper(child, None))
                and proper.name
                and proper.kind in GANGS
            ):
                return ActorName(name=proper.name, kind=proper.kind)
        return None

    def _speaking(self, own: Token) -> ActorName | None:
        """The group or force that "its" stands for where it speaks of its own people."""
        speaker = speaker_behind(own)
        actor = self.speaking_for(speaker) if speaker is not None else None
        if actor is None or actor.name is None or actor.kind not in {"armed_group", "criminal_group", "state_force"}:
            return None
        return ActorName(name=actor.name, kind=actor.kind, country=actor.country)

    def speaking_for(self, speaker: Token, certainty: Certainty | None = None) -> Actor | None:
        """Who speaks, or whose mouth it is: "the group's military office"."""
        actor = self.actor(speaker, certainty)
        if actor is None or actor.name:
            return actor
        return next((self.actor(c, certainty) for c in speaker.children if c.dep_ == "poss"), actor)

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


def _generic(words: list[str]) -> bool:
    """Whether a capitalised phrase is none but common nouns ("Gunmen", "Air Force"): no name."""
    return (
        len(words) <= 2
        and kind_of_noun(words) is not None
        and all(kind_of_noun([w]) or w in {"air", "armed"} for w in words)
    )


def _surname(token: Token, start: int) -> bool:
    """Whether the name of a state or capital at `start` ends a person's name: "Alonso Lima", "Vernon Jordan"."""
    before = next((t for t in token.doc[: token.i] if t.ent_type_ == "PERSON" and t.idx + len(t) + 1 == start), None)
    return before is not None and token.ent_type_ == "PERSON" and before.text[:1].isupper()


def _kind_of_entity(token: Token, words: list[str]) -> ActorKind:
    """A full personal name is a person's; what else the tagger took for a name stays unknown."""
    return "individual" if token.ent_type_ == "PERSON" and len(words) > 1 else "unknown"


def _whose(token: Token) -> int:
    """Where a building's words end with the name of whose it is: "the offices of the Northern Bank"."""
    for prep in token.rights:
        below = next((c for c in prep.children if c.dep_ == "pobj"), None) if prep.lower_ == "of" else None
        if below is not None and below.pos_ == "PROPN" and prep.i == token.i + 1:
            return int(below.idx) + len(below)
    return int(token.idx) + len(token)


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
        if (
            child.dep_ in DROPPED
            or child.dep_ not in LEFT
            or child.tag_ == "WRB"
            or _quantity(child)
            or child.right_edge.i + 1 != first.i
        ):
            break
        first = child.left_edge
    while first.i < token.i and (
        first.dep_ in {"det", "nummod"} or first.lower_ in frames().suspected or first.is_punct or first.tag_ == "WRB"
    ):
        first = first.nbor(1)
    return first.idx, token.idx + len(token)


def _quantity(token: Token) -> bool:
    return (
        token.like_num
        or token.lemma_.lower() in frames().suspected
        or token.lower_ in {"several", "many", "other", "such", "few", "more", "numerous", "various"}
    )


def name_bounds(token: Token) -> tuple[int, int]:
    """Characters of the proper name around a token, without the titles before it."""
    doc = token.doc
    first = last = token.i
    while first > 0 and _in_name(doc[first - 1], first, last):
        first -= 1
    while last + 1 < len(doc) and _in_name(doc[last + 1], first, last) and not doc[last + 1].is_punct:
        last += 1
    while first < last and (doc[first].lower_ in frames().titles or doc[first].is_punct):
        first += 1
    if doc[last].ent_type_ == "PERSON":
        first = max((i + 1 for i in range(first, last) if _office(doc[i])), default=first)
    return doc[first].idx, doc[last].idx + len(doc[last])


def _office(token: Token) -> bool:
    """Whether a word inside a run of capitals says what somebody is: "Fire Department Director Colonel Ana Ortiz"."""
    kind = kind_of_noun([token.lower_])
    return token.lower_ in frames().titles or kind in {"government", "civilians", "police"}


def _in_name(token: Token, first: int, last: int) -> bool:
    """Whether a token beside a name belongs to it: a capitalised word of the same phrase, or the hyphen that ties it
    on.
    """
    if token.text == "-" and not token.whitespace_:
        return token.i > 0 and token.doc[token.i - 1].text[:1].isupper() and not token.doc[token.i - 1].whitespace_
    tied = not token.whitespace_ and token.i + 1 < len(token.doc) and token.doc[token.i + 1].text == "-"
    same = first <= token.head.i <= last or (
        token.i > last and token.head.i <= token.i and token.dep_ in {"flat", "appos"}
    )
    return token.text[:1].isupper() and token.pos_ in {"PROPN", "ADJ", "NOUN"} and (same or tied)
