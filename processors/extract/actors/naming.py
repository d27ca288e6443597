"""Actors as they are given out: a group's people by the group's name, people by their full name."""

import re

import msgspec

from processors.extract.actors.lexicon import frames
from processors.extract.actors.names import find_names
from processors.extract.analysis import Analysis
from processors.model import Actor, Span

GANGS = frozenset({"armed_group", "criminal_group"})
BODIES = frozenset(
    {
        "group", "militia", "gang", "cartel", "faction", "front", "cell", "squad", "column", "mafia", "syndicate",
        "ring", "resistance", "wing", "coalition", "outfit", "command", "commando", "movement",
        "organization", "organisation",
    }
)  # fmt: skip  # nouns for a body of people rather than for people
BEHIND = 60  # characters after "fighters" in which "of the X" names their group


def as_perpetrator(analysis: Analysis, actor: Actor) -> Actor:
    """ "FMLN guerrillas" are the FMLN; "guerrillas" alone are people of whom no group is known."""
    if actor.name is None:
        body = actor.text.lower().split()[-1].removesuffix("s") in BODIES
        person = actor.kind in GANGS and not body
        return msgspec.structs.replace(actor, kind="individual") if person else actor
    span = _name_span(analysis, actor)
    if span is None:
        return actor
    return msgspec.structs.replace(actor, text=span.text, start=span.start, end=span.end)


def _name_span(analysis: Analysis, actor: Actor) -> Span | None:
    """Where the group's name stands inside an actor's words or just behind them."""
    if actor.start is None or actor.end is None or not (sentence := analysis.sentence_at(actor.start)):
        return None
    first, last = actor.start - sentence.start, actor.end - sentence.start + BEHIND
    for start, end, known in find_names(sentence.read):
        if first <= start and end <= last and known.sort == "alias" and known.options[0].kind in GANGS:
            return sentence.cut(start, end) if any(o.name == actor.name for o in known.options) else None
    return None


def in_full(analysis: Analysis, actor: Actor) -> Actor:
    """A person under the fullest name that the parsed sentences give: "Ortiz" as "Ana Maria Ortiz"."""
    if actor.kind != "individual" or actor.name is None:
        return actor
    words = actor.text.lower().split()
    best = actor
    for sentence in analysis.sentences:
        for ent in sentence.doc.ents if sentence.doc is not None else ():
            if ent.label_ != "PERSON" or not _same_person(words, ent.text.lower().split()):
                continue
            span = _untitled(sentence.span(ent))
            if len(span.text) > len(best.text) and "\n" not in span.text:
                best = msgspec.structs.replace(actor, text=span.text, name=span.text, start=span.start, end=span.end)
    return best


def _same_person(part: list[str], whole: list[str]) -> bool:
    return len(part) < len(whole) <= 6 and any(whole[i : i + len(part)] == part for i in range(len(whole)))


def _untitled(span: Span) -> Span:
    """A name without the titles before it."""
    start, text = span.start, span.text
    while (match := re.match(r"[\w.]+\s+", text)) and match[0].strip().lower() in frames().titles:
        start, text = start + match.end(), text[match.end() :]
    return Span(start, span.end, text)
