"""Who says it was them, who is blamed, suspected, or denies: sentences on responsibility for a deed that another sentence tells."""

from collections.abc import Iterator

from spacy.tokens import Token

from processors.extract.actors import syntax
from processors.extract.actors.agents import acts
from processors.extract.actors.phrases import Reader
from processors.model import Actor, Certainty

TAKE = frozenset({"claim", "accept", "take", "assume", "admit", "acknowledge", "assert"})
BLAME = frozenset({"blame", "accuse", "hold"})
DENY = frozenset({"deny", "reject", "disclaim"})
OWN = frozenset(
    {"involvement", "responsibility", "role", "part", "accusation", "allegation", "attack", "link", "connection"}
)
ON = frozenset({"on", "upon"})
BY = frozenset({"by"})
TO = frozenset({"to"})
NOBODY = frozenset({"no", "nobody", "none", "neither", "no-one"})


def responsible(reader: Reader) -> list[Actor]:
    """Actors of whom a parsed sentence says that they claim, are blamed for, are suspected of or deny a deed."""
    found: list[Actor] = []
    for verb in reader.sentence.tokens:
        if syntax.is_verb(verb) and not any(c.dep_ == "neg" for c in verb.children):
            for noun, certainty in _of_verb(verb):
                found += _actors(reader, noun, certainty)
    return found


def _actors(reader: Reader, noun: Token, certainty: Certainty) -> Iterator[Actor]:
    if any(c.lower_ in NOBODY for c in noun.lefts) or noun.lower_ in NOBODY:
        return
    actor = reader.actor(noun, certainty)
    if actor and actor.name and acts(actor) and actor.kind not in {"individual", "party"}:
        yield actor


def _of_verb(verb: Token) -> Iterator[tuple[Token, Certainty]]:
    lemma = verb.lemma_.lower()
    objects = {
        o.lemma_.lower(): o for c in verb.children if c.dep_ in {"dobj", "nsubjpass"} for o in syntax.together(c)
    }
    if lemma in TAKE and (
        "responsibility" in objects or (lemma == "claim" and any(syntax.is_event_noun(o) for o in objects.values()))
    ):
        doers = syntax.pobjs(verb, BY) if syntax.passive(verb) else syntax.subjects(verb)
        yield from ((d, "claimed") for d in doers)
    elif lemma in DENY and not syntax.passive(verb):
        if OWN & objects.keys() or any(c.dep_ in {"ccomp", "xcomp"} for c in verb.children):
            yield from ((s, "denied") for s in syntax.subjects(verb))
    elif lemma in BLAME:
        yield from _blamed(verb)
    elif lemma == "attribute":
        yield from ((t, "reported") for t in syntax.pobjs(verb, TO))
    elif lemma == "suspect":
        yield from ((o, "suspected") for o in objects.values() if not syntax.is_event_noun(o))
    elif lemma == "be":
        yield from _behind(verb)


def _blamed(verb: Token) -> Iterator[tuple[Token, Certainty]]:
    on = list(syntax.pobjs(verb, ON))
    yield from ((t, "reported") for t in on)
    for child in verb.children:
        if child.dep_ in {"dobj", "nsubjpass"} and not on:
            yield from ((t, "reported") for t in syntax.together(child) if not syntax.is_event_noun(t))


def _behind(verb: Token) -> Iterator[tuple[Token, Certainty]]:
    """ "X was responsible for", "X was behind"."""
    said = any(c.lower_ == "responsible" and c.dep_ == "acomp" for c in verb.children)
    said = said or any(c.lower_ == "behind" and c.dep_ == "prep" for c in verb.children)
    if said:
        yield from ((s, "reported") for s in syntax.subjects(verb))
