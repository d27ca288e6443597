"""Who is among the dead and hurt: "the shooter was among the four dead", "six people died, including the attacker"."""

from dataclasses import replace

from spacy.tokens import Token

from processors.extract.casualties.people import People
from processors.extract.casualties.reader import Reader
from processors.extract.casualties.reality import is_negated
from processors.extract.casualties.subjects import SUBJECTS, people_at
from processors.extract.casualties.toll import Slot, Toll


def among(reader: Reader, token: Token) -> Toll | None:
    """At least these were killed or hurt, no more of them than a total told elsewhere."""
    if token.lower_ not in ("among", "amongst"):
        return _included(reader, token)
    slot = _fate(reader, token)
    verb = token.head
    if slot is None or verb.lemma_ != "be" or is_negated(verb):
        return None
    people = _people(reader, verb, token)
    if people is None or people.low is None:
        return None
    high = people.high if people.group == "attackers" else None
    return _part(reader, verb, slot, replace(people, high=high))


def _fate(reader: Reader, token: Token) -> Slot | None:
    """ "those hurt", "the dead", "the four people killed"."""
    noun = next((t for t in token.children if t.dep_ == "pobj"), None)
    words = [t.lower_ for t in reader.doc[noun.left_edge.i : noun.right_edge.i + 1]] if noun is not None else []
    if words[:1] not in (["those"], ["the"], ["these"]):
        return None
    slots = [c.slot for w in words for c in reader.lex.cues.get(w, ())]
    return next((s for s in slots if s in ("killed", "injured")), None)


def _people(reader: Reader, verb: Token, token: Token) -> People | None:
    """Subject of the verb, or what stands behind it where the sentence begins with "among"."""
    sorts = SUBJECTS if token.i > verb.i else ("attr", *SUBJECTS)
    noun = next((t for t in verb.children if t.dep_ in sorts and (t.i > verb.i) == (token.i < verb.i)), None)
    return people_at(reader, noun)


def _included(reader: Reader, token: Token) -> Toll | None:
    """An attacker who is counted with those told before."""
    noun = next((t for t in token.children if t.dep_ in ("pobj", "dobj", "obj")), None)
    people = people_at(reader, noun)
    if people is None or people.group != "attackers" or people.low is None:
        return None
    before = [c.slot for t in reader.doc[: token.i] for c in reader.lex.cues.get(t.lower_, ())]
    told = [s for s in before if s in ("killed", "injured")]
    return _part(reader, token, "killed", people) if told[-1:] == ["killed"] else None


def _part(reader: Reader, token: Token, slot: Slot, people: People) -> Toll:
    toll = replace(reader.toll(token, slot, people), definite=False)
    return replace(toll, subset=True) if people.group == "attackers" else toll
