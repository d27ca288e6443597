"""Perpetrators, targets and victims of one trigger."""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from processors.extract.actors import syntax
from processors.extract.actors.agents import perpetrators
from processors.extract.actors.lexicon import PEOPLE
from processors.extract.actors.patients import patients
from processors.extract.actors.phrases import Reader
from processors.extract.analysis import Analysis, Sentence
from processors.model import Actor

BLAMELESS = frozenset({"accident_disaster", "protest"})


class Roles(msgspec.Struct, frozen=True, kw_only=True):
    perpetrators: tuple[Actor, ...] = ()
    targets: tuple[Actor, ...] = ()
    victims: tuple[Actor, ...] = ()


def find_actors(
    analysis: Analysis,
    trigger_sentence: Sentence,
    trigger_start: int,
    trigger_end: int,
    event_type: str,
    related_sentences: Sequence[Sentence] = (),
) -> Roles:
    """Who acts and who is acted upon, from the syntax around a trigger (offsets into the document's text).

    `related_sentences` are others that tell the same incident; those that were parsed are read for who claims or is blamed for it.
    """
    doc = trigger_sentence.tokens
    trigger = syntax.trigger_token(doc, trigger_start - trigger_sentence.start, trigger_end - trigger_sentence.start)
    if trigger is None:
        return Roles()
    reader = Reader(trigger_sentence, _day(analysis))
    tokens = syntax.cluster(trigger)
    by = [] if event_type in BLAMELESS else perpetrators(reader, tokens, event_type)
    suffering = [a for a in patients(reader, tokens) if not any(_same(a, p) for p in by)]
    return Roles(
        perpetrators=once(by),
        targets=once(a for a in suffering if a.kind not in PEOPLE),
        victims=once(a for a in suffering if a.kind in PEOPLE),
    )


def _day(analysis: Analysis) -> date:
    return analysis.document.item.published_at.date()


def _same(one: Actor, other: Actor) -> bool:
    return one.start == other.start


def once(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """Each actor once: by name where it has one, else by its words."""
    return tuple({(a.name or a.text.lower()): a for a in reversed(list(actors))}.values())[::-1]
