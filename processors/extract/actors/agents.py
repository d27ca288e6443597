"""Who does it: agents of the verbs and nouns of one event, and what modifies the weapon or the deed ("Taliban attack")."""

from collections.abc import Iterator

from spacy.tokens import Token

from processors.extract.actors import syntax
from processors.extract.actors.lexicon import AGENTS, frames, kind_of_noun
from processors.extract.actors.phrases import Reader
from processors.model import Actor, Certainty

MODIFIERS = frozenset({"poss", "compound", "amod", "nmod"})
GROUPS = frozenset({"armed_group", "criminal_group", "crowd"})
BY = frozenset({"by"})


def perpetrators(reader: Reader, tokens: list[Token], event_type: str) -> list[Actor]:
    """Agents of an event's tokens, in the order of the text, each once."""
    found: list[Actor] = []
    for token in tokens:
        for noun, certainty in _agent_nouns(token):
            found += _resolve(reader, noun, certainty, event_type)
    return found


def _agent_nouns(token: Token) -> Iterator[tuple[Token, Certainty]]:
    if syntax.is_verb(token):
        if not syntax.passive(token) and token.lemma_.lower() not in frames().suffer:
            yield from ((s, "reported") for s in syntax.subjects(token))
        yield from ((t, "reported") for t in syntax.pobjs(token, BY))
    else:
        yield token, "reported"


def _resolve(reader: Reader, noun: Token, certainty: Certainty, event_type: str, depth: int = 0) -> Iterator[Actor]:
    """The actor a noun stands for: itself, or who stands before or behind the deed or weapon that it names."""
    if depth > 3:
        return
    if syntax.is_event_noun(noun):
        for below, sure in _of_deed(noun, event_type):
            yield from _resolve(reader, below, sure, event_type, depth + 1)
        yield from _modifiers(reader, noun, event_type)
        return
    actor = reader.actor(noun, _certainty(noun, certainty))
    if actor and acts(actor, noun):
        yield actor


def _of_deed(noun: Token, event_type: str) -> Iterator[tuple[Token, Certainty]]:
    yield from ((t, "reported") for t in syntax.pobjs(noun, BY))
    for child in noun.children:
        if child.dep_ == "acl" and child.tag_ == "VBN" and child.lemma_ in frames().light | {"claim"}:
            certainty: Certainty = "claimed" if child.lemma_ == "claim" else "reported"
            yield from ((t, certainty) for t in syntax.pobjs(child, BY))


def _modifiers(reader: Reader, noun: Token, event_type: str) -> Iterator[Actor]:
    """ "Taliban attack", "Israeli air strike", "the army's raid": never a place, never a thing."""
    for child in noun.lefts:
        if child.dep_ not in MODIFIERS or syntax.is_event_noun(child):
            continue
        actor = reader.actor(child, _certainty(noun, "reported")) if child.pos_ != "ADJ" else reader.adjective(child)
        if actor is None:
            continue
        if (
            actor.name
            and acts(actor, child)
            or child.dep_ == "compound"
            and (actor.kind in GROUPS or (actor.kind == "police" and event_type == "raid_arrest"))
        ):
            yield actor


def acts(actor: Actor, noun: Token) -> bool:
    """Whether this can be one who does it: a group, force, person or state, and no place or thing."""
    if actor.kind in AGENTS:
        return True
    if actor.kind == "unknown":
        return (
            actor.name is not None
            and noun.ent_type_ in {"ORG", "PERSON", "NORP"}
            and kind_of_noun([noun.lemma_.lower()]) is None
        )
    return False


def _certainty(noun: Token, certainty: Certainty) -> Certainty:
    suspects = frames().suspected
    return "suspected" if any(c.lower_ in suspects for c in noun.lefts) else certainty
