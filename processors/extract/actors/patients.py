"""To whom: objects of the verbs of an event, what the deed was on, against or at, and the people it says were hurt."""

from collections.abc import Iterator

import msgspec
from spacy.tokens import Token

from processors.extract.actors import syntax
from processors.extract.actors.agents import doer
from processors.extract.actors.lexicon import PEOPLE, THINGS, frames, kind_of_noun
from processors.extract.actors.phrases import Reader
from processors.model import Actor

PERSONAL = frozenset(
    {"kill", "murder", "assassinate", "kidnap", "abduct", "shoot", "wound", "injure", "stab", "behead"}
)
OF = frozenset({"of"})
AS = frozenset({"as"})
BLASTS = frozenset({"explode", "detonate", "explosion", "blast", "bomb", "go", "bombing", "device"})
AROUND = frozenset({"outside", "inside", "near", "at", "in", "under", "aboard", "on", "beneath", "beside"})
AT = frozenset({"at"})
PLACING = frozenset({"place", "plant", "leave", "put", "hide", "attach", "throw", "hurl", "lob", "toss", "set"})
STRUCK = frozenset(
    {"victim", "dead", "hostage", "captive", "killed", "deceased", "wounded", "injured", "body", "casualty", "fatality"}
)
INCLUDING = frozenset({"including"})
AIMING = frozenset({"fire", "shoot", "launch", "aim", "throw", "hurl", "lob", "direct", "open", "shot", "firing"})
PARTS = frozenset(
    {
        "front", "floor", "side", "entrance", "gate", "door", "rear", "back", "corner", "roof", "courtyard", "grounds",
        "lobby", "wall", "vicinity", "middle", "parking", "lot", "basement", "yard", "garden",
    }
)  # fmt: skip  # of a building: what stands "in front of the bank" points at the bank
SETTLED = frozenset(
    {
        "village", "town", "city", "settlement", "district", "quarter", "suburb", "community", "municipality", "sector",
        "neighborhood", "neighbourhood", "area", "camp", "port", "site", "square", "field", "position",
    }
)  # fmt: skip  # where people live or fight: "at the village" only says where
CARRIED = frozenset({"bomb", "device"})  # a car bomb struck no car
DEATHS = frozenset({"die", "perish", "succumb", "drown"})


TOOLS = frozenset(
    ["vehicle", "car", "truck", "tank", "plane", "aircraft", "helicopter", "warship", "drone", "jet", "airplane"]
)
WHERE = frozenset(
    {
        "road", "highway", "street", "avenue", "area", "areas", "sector", "zone", "neighborhood", "neighborhoods",
        "neighbourhood", "target", "targets",
    }
)  # fmt: skip
ANYONE = frozenset(["people", "person", "other", "others", "victim", "casualty", "one", "individual"])


def patients(reader: Reader, tokens: list[Token]) -> list[Actor]:
    """Targets and victims of an event's tokens, in order. Deeds are none; things that can be tools of one may be both.
    A bare "people" says no more than the toll does, so it is left out.
    """
    struck = [noun for token in tokens for noun in _patient_nouns(reader, token)]
    nouns = [_named(n) for noun in struck for n in (noun, *syntax.pobjs(noun, INCLUDING))]
    read = [n for n in nouns if not syntax.is_event_noun(n) or n.lemma_.lower() in TOOLS]
    found = [_person(n, reader.actor(n)) for n in read]
    return [a for a in found if a and _suffers(a)]


def _person(noun: Token, actor: Actor | None) -> Actor | None:
    """Whoever is murdered or kidnapped, or is "the injured", is a person, even if the tagger took the name for a town's."""
    if (
        actor is None
        or actor.kind not in {"other", "unknown"}
        or noun.pos_ != "PROPN"
        or _governor(noun).lemma_ not in PERSONAL | {"be"}
    ):
        return actor
    return msgspec.structs.replace(actor, kind="individual", name=actor.text)


def _governor(noun: Token) -> Token:
    """The verb of a list of names."""
    while noun.dep_ == "conj":
        noun = noun.head
    return noun.head


def _suffers(actor: Actor) -> bool:
    known = actor.kind in PEOPLE or actor.kind in THINGS
    state = actor.name is not None and actor.kind == "state_force" and actor.text == actor.name
    last = actor.text.lower().split()[-1]
    return known and not state and actor.text.lower() not in ANYONE and last not in WHERE


def _named(noun: Token) -> Token:
    """The name that stands beside a description: "the mayor, John Smith" is John Smith."""
    return next((c for c in noun.children if c.dep_ == "appos" and c.ent_type_ == "PERSON" and c.i > noun.i), noun)


def _patient_nouns(reader: Reader, token: Token) -> Iterator[Token]:
    onto = frames().onto - AT
    if token.lemma_.lower() in BLASTS or _puts_bomb(token):
        yield from _sites(token, AROUND)
    else:
        aimed = token.lemma_.lower() in AIMING
        yield from (t for t in syntax.pobjs(token, AT) if aimed or t.lemma_.lower() not in SETTLED)
    if syntax.is_verb(token):
        if token.lemma_ in frames().harm:
            yield from (t for c in token.children if c.dep_ == "dobj" for t in syntax.together(c))
            if syntax.passive(token):
                yield from _sufferers(token)
        if token.lemma_ == "identify" and syntax.passive(token):
            yield from syntax.pobjs(token, AS)
        if token.lemma_ == "be":
            yield from named_as(token)
        if token.lemma_ in DEATHS:
            yield from syntax.subjects(token)
        yield from syntax.pobjs(token, onto)
    elif kind_of_noun([token.lemma_.lower()]) not in PEOPLE:  # what a bomber rides on is no target
        yield from syntax.pobjs(token, onto)
        if token.lemma_.lower() in frames().of_patient:
            yield from syntax.pobjs(token, OF)
            yield from (c for c in token.children if c.dep_ == "poss" and not doer(reader, c))
        if token.lemma_.lower() not in CARRIED:
            yield from (c for c in token.lefts if c.dep_ == "compound")


def named_as(copula: Token) -> list[Token]:
    """Who is said to be those whom it struck: "the injured were X and Y", "X and Y are the nuns killed"."""
    subject = next((c for c in copula.children if c.dep_ == "nsubj"), None)
    attribute = next((c for c in copula.children if c.dep_ == "attr"), None)
    if subject is None or attribute is None:
        return []
    if _struck(subject):
        return syntax.together(attribute)
    return syntax.together(subject) if _struck(attribute) and subject.pos_ == "PROPN" else []


def _struck(noun: Token) -> bool:
    told = [c.lemma_.lower() for c in noun.children if c.dep_ in {"acl", "relcl", "amod"}]
    wounded = any(t in PERSONAL or t in STRUCK for t in told)
    return noun.lower_ in STRUCK or noun.lemma_.lower() in STRUCK or (wounded and not syntax.is_event_noun(noun))


def _puts_bomb(verb: Token) -> bool:
    """ "placed bombs in", "hurled a grenade at"."""
    things = [c for c in verb.children if c.dep_ in {"dobj", "nsubjpass"}]
    return verb.lemma_.lower() in PLACING and any(map(syntax.is_event_noun, things))


def _sites(token: Token, prepositions: frozenset[str]) -> Iterator[Token]:
    """The buildings and vehicles that a deed was at, in front of or on a floor of; not the village that it was in."""
    for noun in syntax.pobjs(token, prepositions):
        below = list(syntax.pobjs(noun, OF)) if noun.lemma_.lower() in PARTS else []
        for site in below or [noun]:
            if site.lemma_.lower() not in SETTLED and kind_of_noun([site.lemma_.lower()]) in THINGS:
                yield site


def _sufferers(verb: Token) -> Iterator[Token]:
    subject = syntax.own_subject(verb)
    if subject is not None and not syntax.is_event_noun(subject):
        yield from (t for s in syntax.together(subject) for t in syntax.antecedent(s, verb))
    elif verb.dep_ == "acl":
        yield from syntax.together(verb.head)
    elif verb.dep_ == "conj" and syntax.is_verb(verb.head):
        yield from _sufferers(verb.head)
