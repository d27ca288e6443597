"""Named things of a text for `annotate`: spaCy's entities, corrected and completed by the lexicons, places and times."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from processors.extract.actors.lexicon import kind_of_name, kind_of_noun
from processors.extract.actors.names import find_names
from processors.extract.analysis import Analysis, Sentence
from processors.extract.weapons import weapon_words
from processors.model import ActorKind, Span

Label = Literal[
    "PERSON", "NORP", "ORG", "FORCE", "ARMED_GROUP", "GPE", "LOC", "FAC", "WEAPON", "VEHICLE", "DATE", "TIME", "QUANTITY", "MONEY",
]  # fmt: skip
KEPT: dict[str, Label] = {
    "PERSON": "PERSON", "NORP": "NORP", "ORG": "ORG", "GPE": "GPE", "LOC": "LOC", "FAC": "FAC", "DATE": "DATE",
    "TIME": "TIME", "QUANTITY": "QUANTITY", "CARDINAL": "QUANTITY", "PERCENT": "QUANTITY", "MONEY": "MONEY",
}  # fmt: skip
OF_KIND: dict[ActorKind, Label] = {
    "armed_group": "ARMED_GROUP", "criminal_group": "ARMED_GROUP", "state_force": "FORCE", "police": "FORCE",
    "government": "ORG", "party": "ORG", "vehicle": "VEHICLE",
}  # fmt: skip


class Entity(msgspec.Struct, frozen=True):
    start: int
    end: int
    text: str
    label: Label


def entities(analysis: Analysis, toponyms: Sequence[Span] = (), times: Sequence[Span] = ()) -> list[Entity]:
    """Entities of all sentences, in order, none inside another of its label. Parses what is not parsed yet."""
    analysis.parse(analysis.sentences)
    found = [entity for sentence in analysis.sentences for entity in _of_sentence(sentence)]
    found += [Entity(t.start, t.end, t.text, "GPE") for t in toponyms]
    found += [Entity(t.start, t.end, t.text, "DATE") for t in times]
    return _untangled(found)


def _of_sentence(sentence: Sentence) -> Iterable[Entity]:
    for ent in sentence.tokens.ents:
        if label := KEPT.get(ent.label_):
            span = sentence.span(ent)
            yield Entity(span.start, span.end, span.text, _relabelled(span.text, label))
    for start, end, known in find_names(sentence.read):
        if known.sort in {"alias", "force"}:
            span = sentence.cut(start, end)
            yield Entity(span.start, span.end, span.text, OF_KIND.get(known.options[0].kind, "ORG"))
    for start, end, _, manner in weapon_words(sentence.read):
        if manner == "named":
            span = sentence.cut(start, end)
            yield Entity(span.start, span.end, span.text, "WEAPON")


def _relabelled(text: str, label: Label) -> Label:
    if label != "ORG":
        return label
    words = text.lower().split()
    kind = kind_of_name(words) or kind_of_noun(words)
    return OF_KIND.get(kind, "ORG") if kind in {"armed_group", "state_force", "police"} else "ORG"


def _untangled(found: list[Entity]) -> list[Entity]:
    """Longer ones first; of those that overlap only the first stays."""
    kept: list[Entity] = []
    for entity in sorted(found, key=lambda e: (e.start - e.end, e.start)):
        if not any(entity.start < k.end and k.start < entity.end for k in kept):
            kept.append(entity)
    return sorted(kept, key=lambda e: e.start)
