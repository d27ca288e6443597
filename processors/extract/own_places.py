"""Which place names of a sentence are an event's own, where the sentence tells another event in a clause beside it?"""

import re
from collections.abc import Sequence

from spacy.tokens import Token

from processors.extract.analysis import Sentence
from processors.extract.clauses import cut_between, shares_side
from processors.extract.events import FOUNDING, Trigger, find_triggers
from processors.extract.known import Known
from processors.extract.story import vague
from processors.places.toponyms import Toponym

LOCAL = re.compile(r"\b(?:in|at|near|on|of|outside|inside|around|over|off|hit|hits|struck|into) (?:the )?$", re.I)


def own_toponyms(known: Known, sentence: Sentence, trigger: Trigger) -> list[Toponym]:
    """The toponyms to be read with a trigger: all but those of clauses with an event of their own, if any are left."""
    every = list(known.toponyms_for(sentence))
    beside = [
        sentence.tokens[o.token]
        for o in find_triggers(known.analysis)
        if o.sentence == trigger.sentence and o.strength >= FOUNDING and _other_kind(o, trigger)
    ]
    own = [t for t in every if _is_own(sentence, sentence.tokens[trigger.token], beside, t)]
    here = any(sentence.start <= t.start < sentence.end for t in own)
    return _of_stretch(known, sentence, trigger, own if here else every)


def _of_stretch(known: Known, sentence: Sentence, trigger: Trigger, every: list[Toponym]) -> list[Toponym]:
    """Where clauses of one sentence each name a town in which something happens, only those of the trigger's own."""
    located = [t.start - sentence.start for t in every if _locates(sentence, t)]
    head = sentence.tokens[trigger.token]
    others = [o for o in find_triggers(known.analysis) if o.sentence == trigger.sentence and o is not trigger]
    cuts = [cut for o in others if (cut := cut_between(head, sentence.tokens[o.token])) is not None]
    first = max((c for c in cuts if c <= head.idx), default=0)
    last = min((c for c in cuts if c > head.idx), default=len(sentence.text))
    inside = [first <= at < last for at in located]
    if not any(inside) or all(inside):
        return every
    return [t for t in every if not _here(sentence, t) or first <= t.start - sentence.start < last]


def _locates(sentence: Sentence, toponym: Toponym) -> bool:
    before = sentence.text[: max(0, toponym.start - sentence.start)]
    area = toponym.adjective or toponym.precision == "country"
    return _here(sentence, toponym) and not area and bool(LOCAL.search(before))


def _here(sentence: Sentence, toponym: Toponym) -> bool:
    return sentence.start <= toponym.start < sentence.end


def _other_kind(one: Trigger, other: Trigger) -> bool:
    """Two methods, each told by its own words: "killed" and "wounded" are of what is told beside them."""
    return one.event_type is not other.event_type and not vague(one) and not vague(other)


def _is_own(sentence: Sentence, trigger: Token, beside: Sequence[Token], toponym: Toponym) -> bool:
    if not _here(sentence, toponym):
        return True
    return shares_side(trigger, beside, toponym.end - 1 - sentence.start)
