"""Named things of a text for `annotate`: spaCy's entities, corrected and completed by the lexicons,
places and times.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

import msgspec

from processors.extract.actors.lexicon import kind_of_name, kind_of_noun
from processors.extract.actors.names import find_names
from processors.extract.actors.phrases import phrase_bounds
from processors.extract.analysis import Analysis, Sentence
from processors.extract.weapons import weapon_words
from processors.model import ActorKind

Label = Literal[
    "PERSON", "NORP", "ORG", "FORCE", "ARMED_GROUP", "GPE", "LOC", "FAC", "WEAPON", "VEHICLE", "DATE", "TIME",
    "QUANTITY", "MONEY",
]  # fmt: skip
KEPT: dict[str, Label] = {
    "PERSON": "PERSON", "NORP": "NORP", "ORG": "ORG", "GPE": "GPE", "LOC": "LOC", "FAC": "FAC", "DATE": "DATE",
    "TIME": "TIME", "QUANTITY": "QUANTITY", "CARDINAL": "QUANTITY", "PERCENT": "QUANTITY", "MONEY": "MONEY",
}  # fmt: skip
OF_KIND: dict[ActorKind, Label] = {
    "armed_group": "ARMED_GROUP", "criminal_group": "ARMED_GROUP", "state_force": "FORCE", "police": "FORCE",
    "government": "ORG", "party": "ORG", "vehicle": "VEHICLE",
}  # fmt: skip


DESCRIBED: dict[ActorKind, Label] = {
    "armed_group": "ARMED_GROUP", "criminal_group": "ARMED_GROUP", "state_force": "FORCE", "police": "FORCE",
    "facility": "FAC", "infrastructure": "FAC",
}  # fmt: skip
VAGUE = frozenset(
    [
        "officer",
        "agent",
        "guard",
        "general",
        "major",
        "force",
        "front",
        "cell",
        "column",
        "operative",
        "element",
        "center",
        "centre",
        "community",
        "target",
        "area",
        "sector",
        "home",
        "house",
        "line",
        "field",
        "state",
        "club",
        "bar",
        "post",
        "position",
        "settlement",
        "district",
        "quarter",
        "town",
        "city",
        "village",
        "court",
        "track",
        "road",
        "well",
        "captain",
        "member",
        "unit",
        "ring",
        "escort",
        "club",
        "stand",
        "bank",
        "club",
        "mission",
        "office",
        "school",
        "deputy",
        "detective",
        "inspector",
        "captain",
        "terminal",
        "recruit",
        "pilot",
        "personnel",
        "store",
        "well",
        "shop",
        "square",
        "resistance",
        "squad",
        "partisan",
        "enemy",
    ]
)
SHORT_STATES = frozenset({"US", "U.S.", "U.S", "UK", "U.K.", "United States", "Myanmar", "New Zealand", "Cameroon"})
NUMERIC = frozenset({"CARDINAL", "QUANTITY", "PERCENT", "ORDINAL", "DATE", "TIME"})
NO_ENTITY = re.compile(r"(?:the )?Operation [A-Z]", re.I)
PREFIX = r"\b(?:HMS|USS|FS|INS|RFA|USNS|HMCS|HMAS|MV|M/V|MT|USCGC|BRP|ROKS|TCG|ARA) "
SHIP = re.compile(PREFIX + "$")
SHIP_NAME = re.compile(PREFIX + r"[A-Z][\w-]+(?: (?:de |of the )?[A-Z][\w-]+)?")
UNIT = re.compile(
    r" (?:province|district|governorate|barrage|dam|city|river|airport|mosque|bridge|neighbou?rhood|region)\b", re.I
)


class Placed(Protocol):
    """A piece of text found by another module: a toponym, a time expression, a span."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...


class Entity(msgspec.Struct, frozen=True):
    start: int
    end: int
    text: str
    label: Label


def entities(analysis: Analysis, toponyms: Sequence[Placed] = (), times: Sequence[Placed] = ()) -> list[Entity]:
    """Entities of all sentences, in order, none overlapping. Parses what is not parsed yet.

    Surest first: known actors, times, weapons and vehicles, places found by their own modules, then spaCy's entities.
    """
    analysis.parse(analysis.sentences)
    known = [e for s in analysis.sentences for e in _known(s)]
    things = [e for s in analysis.sentences for e in _things(s)]
    placed = [Entity(t.start, t.end, t.text, _place_label(t.text)) for t in toponyms if t.text[:1].isupper()]
    told = [Entity(t.start, t.end, t.text, "DATE") for t in times]
    tagged = [e for s in analysis.sentences for e in _tagged(s)]
    persons = [e for e in tagged if e.label == "PERSON" and " " in e.text]
    described = [e for s in analysis.sentences for e in _described(s)]
    return _untangled(
        [*known, *told, *_unplaced(persons, placed), *things, *_grown(analysis, placed), *tagged, *described]
    )


def _place_label(text: str) -> Label:
    """Adjectives of nation that the place finder gives ("Syrian") are no places here."""
    adjective = any(known.sort == "adjective" and end - start == len(text) for start, end, known in find_names(text))
    return "NORP" if adjective and text not in SHORT_STATES else "GPE"


def _unplaced(persons: list[Entity], placed: list[Entity]) -> list[Entity]:
    """Full personal names that are not mostly a place's name."""
    return [p for p in persons if not any(t.start <= p.start and p.end <= t.end or t.end == p.end for t in placed)]


def _grown(analysis: Analysis, placed: list[Entity]) -> list[Entity]:
    """Places with the word that says what they are: "Samarra Barrage", "Idlib province"."""
    grown = []
    for place in placed:
        after = UNIT.match(analysis.text, place.end)
        end = after.end() if after else place.end
        grown.append(Entity(place.start, end, analysis.text[place.start : end], place.label))
    return grown


def _known(sentence: Sentence) -> Iterable[Entity]:
    for start, end, known in find_names(sentence.read):
        if known.sort in {"alias", "force"} and not SHIP.search(sentence.read[:start]):
            span = sentence.cut(start, end)
            yield Entity(span.start, span.end, span.text, OF_KIND.get(known.options[0].kind, "ORG"))


def _things(sentence: Sentence) -> Iterable[Entity]:
    """Ships by their prefix, weapons and vehicles by the word lists."""
    for match in SHIP_NAME.finditer(sentence.read):
        span = sentence.cut(match.start(), match.end())
        yield Entity(span.start, span.end, span.text, "VEHICLE")
    for start, end, _, manner in weapon_words(sentence.read):
        if manner == "named" and not _acting(sentence, end):
            span = sentence.cut(start, end)
            yield Entity(span.start, span.end, span.text, "WEAPON")
    for token in sentence.tokens:
        if token.pos_ == "NOUN" and kind_of_noun([token.lemma_.lower()]) == "vehicle":
            start, end = phrase_bounds(token)
            span = sentence.cut(start, end)
            yield Entity(span.start, span.end, span.text, "VEHICLE")


def _acting(sentence: Sentence, end: int) -> bool:
    """Whether a word that can name a weapon is a verb here ("axes jobs")."""
    last = next((t for t in sentence.tokens if t.idx + len(t) >= end), None)
    return last is not None and last.pos_ == "VERB"


def _tagged(sentence: Sentence) -> Iterable[Entity]:
    for ent in sorted(sentence.tokens.ents, key=lambda e: e.label_ in NUMERIC):
        if (label := KEPT.get(ent.label_)) and not NO_ENTITY.match(ent.text):
            span = sentence.span(ent)
            yield Entity(span.start, span.end, span.text, _relabelled(span.text, label))


def _described(sentence: Sentence) -> Iterable[Entity]:
    """Forces, police, armed groups and sites that are described and not named: "insurgents", "the hospital"."""
    for token in sentence.tokens:
        if token.pos_ not in {"NOUN", "PROPN"}:
            continue
        kind = kind_of_noun([token.lower_]) or kind_of_noun([token.lemma_.lower()])
        label = DESCRIBED.get(kind) if kind and token.lemma_.lower() not in VAGUE else None
        if label:
            start, end = phrase_bounds(token)
            span = sentence.cut(start, end)
            yield Entity(span.start, span.end, span.text, label)


def _relabelled(text: str, label: Label) -> Label:
    if label != "ORG":
        return label
    words = text.lower().split()
    kind = kind_of_name(words) or kind_of_noun(words)
    return OF_KIND.get(kind, "ORG") if kind in {"armed_group", "state_force", "police"} else "ORG"


def _untangled(found: list[Entity]) -> list[Entity]:
    """Of those that overlap only the first stays, so `found` goes from the surest source to the least sure."""
    kept: list[Entity] = []
    for entity in found:
        if not any(entity.start < k.end and k.start < entity.end for k in kept):
            kept.append(entity)
    return sorted(kept, key=lambda e: e.start)
