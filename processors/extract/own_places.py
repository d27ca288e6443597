"""Which place names of a sentence are an event's own, where the sentence tells another event in a clause beside it?"""

from collections.abc import Sequence

from spacy.tokens import Token

from processors.extract.analysis import Sentence
from processors.extract.clauses import shares_side
from processors.extract.events import FOUNDING, Trigger, find_triggers
from processors.extract.known import Known
from processors.extract.story import vague
from processors.places.toponyms import Toponym


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
    return own if here else every


def _other_kind(one: Trigger, other: Trigger) -> bool:
    """Two methods, each told by its own words: "killed" and "wounded" are of what is told beside them."""
    return one.event_type is not other.event_type and not vague(one) and not vague(other)


def _is_own(sentence: Sentence, trigger: Token, beside: Sequence[Token], toponym: Toponym) -> bool:
    if not sentence.start <= toponym.start < sentence.end:
        return True
    return shares_side(trigger, beside, toponym.end - 1 - sentence.start)
