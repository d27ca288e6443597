"""Who the dead and hurt are: "identified the dead as …", "the injured were named as …", "the dead include …"."""

from dataclasses import replace

from spacy.tokens import Token

from processors.extract.casualties.reader import Reader
from processors.extract.casualties.reality import is_unreal
from processors.extract.casualties.subjects import SUBJECTS, people_at
from processors.extract.casualties.toll import Slot, Toll

REACH = 4  # tokens between the verb and whom it is about


def identified(reader: Reader, token: Token) -> Toll | None:
    """ "police identified the dead as Ana Ruiz and Leo Ruiz"."""
    doc = reader.doc
    around = doc[max(0, token.i - REACH) : token.i + REACH]
    told = next(((t, s) for t in around if (s := _slot(reader, t))), None)
    as_whom = next((t for t in doc[token.i + 1 : token.i + 6] if t.lower_ == "as"), None)
    if told is None or as_whom is None:
        return None
    people = people_at(reader, next((t for t in doc[as_whom.i + 1 :] if t.dep_ == "pobj"), None))
    return reader.toll(told[0], told[1], people) if people and people.names else None


def including(reader: Reader, token: Token) -> Toll | None:
    """ "the dead included two teachers and a nurse": at least these."""
    subject = next((t for t in token.children if t.dep_ in SUBJECTS), None)
    slot = _slot(reader, subject) if subject is not None else None
    if subject is None or slot is None or is_unreal(token, reader.lex.words):
        return None
    if any(t.dep_ == "nummod" for t in subject.lefts):
        return None
    people = people_at(reader, next((t for t in token.children if t.dep_ in ("dobj", "obj")), None))
    return reader.toll(subject, slot, replace(people, high=None)) if people and people.low else None


def _slot(reader: Reader, noun: Token) -> Slot | None:
    words = reader.lex.words
    if noun.lower_ in words.dead_people:
        return "killed"
    return "injured" if noun.lower_ in words.hurt_people else None
