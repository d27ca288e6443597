"""Perpetrators, targets and victims of one trigger."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

import msgspec
from spacy.tokens import Token

from processors.extract.actors import syntax
from processors.extract.actors.agents import perpetrators
from processors.extract.actors.lexicon import PEOPLE, frames
from processors.extract.actors.local import states_told
from processors.extract.actors.naming import as_perpetrator, in_full
from processors.extract.actors.patients import STRUCK, named_as, patients
from processors.extract.actors.phrases import Reader
from processors.extract.actors.responsibility import responsible
from processors.extract.analysis import Analysis, Sentence
from processors.extract.entries import apart, listed
from processors.model import Actor, Certainty

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

    `related_sentences` are others that tell the same incident; those that were parsed are read for who claims or is
    blamed for it.
    """
    doc = trigger_sentence.tokens
    trigger = syntax.trigger_token(doc, trigger_start - trigger_sentence.start, trigger_end - trigger_sentence.start)
    if trigger is None:
        return Roles()
    states = states_told(analysis)
    reader = Reader(trigger_sentence, _day(analysis), states)
    tokens = syntax.cluster(trigger)
    by = [] if event_type in BLAMELESS else perpetrators(reader, tokens, event_type)
    suffering = [a for a in patients(reader, tokens) if not any(_same(a, p) for p in by)]
    others = [s for s in related_sentences if s.doc is not None and s is not trigger_sentence]
    for told in (_told_on(s, _day(analysis), states, event_type) for s in others):
        by += [a for a in told[0] if not _apart(analysis.text, trigger_sentence, trigger_start, a)]
        suffering += [a for a in told[1] if not _apart(analysis.text, trigger_sentence, trigger_start, a)]
    blamed = _blamed(analysis, (trigger_sentence, *related_sentences), event_type)
    by += [a for a in blamed if not _apart(analysis.text, trigger_sentence, trigger_start, a)]
    return Roles(
        perpetrators=_settled(as_perpetrator(analysis, a) for a in by),
        targets=once(a for a in suffering if a.kind not in PEOPLE),
        victims=once(in_full(analysis, a) for a in suffering if a.kind in PEOPLE),
    )


@lru_cache(maxsize=64)
def _told_on(
    sentence: Sentence, day: date, states: tuple[str, ...], event_type: str
) -> tuple[tuple[Actor, ...], tuple[Actor, ...]]:
    """Who acts and suffers in another sentence on the incident, by its verbs of violence."""
    reader = Reader(sentence, day, states)
    verbs = [t for t in sentence.tokens if _tells(t) and syntax.is_verb(t) and syntax.happened(t)]
    tokens = list({t.i: t for verb in verbs for t in syntax.cluster(verb)}.values())
    by = () if event_type in BLAMELESS else tuple(perpetrators(reader, tokens, event_type))
    return by, tuple(a for a in patients(reader, tokens) if not any(_same(a, p) for p in by))


WORK = frozenset({"operation", "mission"})  # of police and soldiers, on any day


def _tells(verb: Token) -> bool:
    """Whether a verb tells of violence, does a deed ("launched the attack"), or names those whom it struck: "the
    victims were identified as", "the injured are".
    """
    if verb.lemma_ == "be":
        return bool(named_as(verb))
    if verb.lemma_ == "identify":
        subject = syntax.own_subject(verb)
        return subject is not None and subject.lemma_.lower() in STRUCK
    if verb.lemma_.lower() in frames().light:
        deeds = [c.lemma_.lower() for c in verb.children if c.dep_ == "dobj"]
        return any(deed in frames().ranged - WORK for deed in deeds)
    return verb.lemma_.lower() in frames().violent


def _apart(text: str, sentence: Sentence, trigger: int, actor: Actor) -> bool:
    """Whether an actor stands in another entry of a list than the trigger."""
    at = actor.start if actor.start is not None else trigger
    return (listed(text) or sentence.start <= at < sentence.end) and apart(text, at, trigger)


def _blamed(analysis: Analysis, sentences: Sequence[Sentence], event_type: str) -> list[Actor]:
    if event_type in BLAMELESS:
        return []
    parsed = {s.index: s for s in sentences if s.doc is not None}
    return [a for s in parsed.values() for a in _responsible_in(s, _day(analysis), states_told(analysis), event_type)]


@lru_cache(maxsize=64)
def _responsible_in(sentence: Sentence, day: date, states: tuple[str, ...], event_type: str) -> tuple[Actor, ...]:
    return tuple(responsible(Reader(sentence, day, states), event_type))


FIRMNESS: tuple[Certainty | None, ...] = ("claimed", "reported", None, "suspected", "denied")


def _settled(found: Iterable[Actor]) -> tuple[Actor, ...]:
    """Each actor once, as the firmest of its tellings has it. Who only denies was not said to have done it by anybody
    here.
    """
    best: dict[str, Actor] = {}
    for actor in found:
        key = actor.name or actor.text.lower()
        known = best.get(key)
        if known is None or FIRMNESS.index(actor.certainty) < FIRMNESS.index(known.certainty):
            best[key] = msgspec.structs.replace(known, certainty=actor.certainty) if known else actor
    return tuple(best.values())


def _day(analysis: Analysis) -> date:
    return analysis.document.item.published_at.date()


def _same(one: Actor, other: Actor) -> bool:
    return one.start == other.start


def once(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    """Each actor once: by name where it has one, else by its words."""
    return tuple({(a.name or a.text.lower()): a for a in reversed(list(actors))}.values())[::-1]
