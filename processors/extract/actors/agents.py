"""Who does it: agents of the verbs and nouns of one event, and what stands before the weapon or the deed ("Taliban
attack").
"""

from collections.abc import Iterator

import msgspec
from spacy.tokens import Token

from processors.extract.actors import syntax
from processors.extract.actors.lexicon import AGENTS, frames, kind_of_noun
from processors.extract.actors.phrases import Reader, core
from processors.extract.weapons import weapon_words
from processors.model import Actor, Certainty

MODIFIERS = frozenset({"poss", "compound", "amod", "nmod"})
GROUPS = frozenset({"armed_group", "criminal_group", "crowd"})
FORCES = frozenset({"police", "state_force", "government"})
BY = frozenset({"by"})
BETWEEN = frozenset({"between"})
TIES = frozenset({"loyal", "belong", "affiliate", "affiliated", "ally", "allied", "lead", "command"})
TIED_TO = frozenset({"to", "with", "by"})
UNIFORMS = frozenset({"uniform", "fatigue", "camouflage", "attire", "garb"})
WITH = frozenset({"with"})
FOR = frozenset({"for"})
SUFFERING = frozenset({"nsubj", "nsubjpass"})
KILLED = frozenset({"kill", "die", "injure", "wound"})
FIGHTS = frozenset(
    {
        "encounter",
        "gunfight",
        "gunbattle",
        "battle",
        "firefight",
        "shootout",
        "exchange",
        "clash",
        "skirmish",
        "fight",
        "fighting",
    }
)
SAYING = frozenset({"say", "warn", "declare", "announce", "vow", "tell", "threaten", "state", "promise", "write"})
CLAUSES = frozenset(
    {
        "ccomp",
        "xcomp",
        "conj",
        "advcl",
        "dobj",
        "nsubj",
        "nsubjpass",
        "pobj",
        "prep",
        "acl",
        "relcl",
        "attr",
        "parataxis",
    }
)
FLYING = frozenset({"drone", "missile", "rocket", "uav", "projectile", "shell", "munition", "salvo", "shahed"})
ARRESTING = frozenset({"arrest", "apprehend", "detain", "nab", "search", "investigate"})
FIRING = frozenset(
    {"firing", "fire", "gunfire", "shelling", "bullet", "bullets"}
)  # deeds that a force before them does
OF = frozenset({"of"})


def perpetrators(reader: Reader, tokens: list[Token], event_type: str) -> list[Actor]:
    """Agents of an event's tokens, in the order of the text."""
    found: list[Actor] = []
    for token in tokens:
        if token.lemma_ in ARRESTING and event_type not in {"raid_arrest", "abduction"}:
            continue  # who hunts for those who did it
        if syntax.is_verb(token) and token.lemma_ in syntax.AFTERWARDS:
            continue
        for noun, certainty in _agent_nouns(token):
            found += _resolve(reader, noun, certainty, event_type)
    found += _opponents(reader, tokens)
    found += [] if found else _beside(reader, tokens)
    if event_type == "statement_threat" and not found:
        found += _threatening(reader, tokens)
    return [a for a in found if event_type == "raid_arrest" or a.kind != "police" or a.name or _armed(tokens)]


def _beside(reader: Reader, tokens: list[Token]) -> Iterator[Actor]:
    """Whose name stands right before the deed or the weapon, where the parser tied it to something else: "killed in
    RSF shelling", "Russian Iskander missile".
    """
    for deed in tokens:
        weapon = deed.lemma_.lower() in frames().ranged and not syntax.is_verb(deed)
        for before in _run(deed) if weapon or deed.lower_ in FIRING else ():
            state = reader.state(before)
            actor = state[0] if state and state[1] == "adjective" else None
            if actor is None and before.i == deed.i - 1 and before.pos_ == "PROPN" and deed.lower_ in FIRING:
                actor = reader.actor(before, "reported")
            if actor and actor.name and actor.kind in GROUPS | {"state_force"}:
                yield actor


def _run(noun: Token) -> Iterator[Token]:
    """The names and adjectives just before a noun, from right to left, as far as a word for people or things."""
    for token in reversed(noun.doc[max(0, noun.i - 4) : noun.i]):
        if token.pos_ not in {"ADJ", "PROPN", "NOUN"} or (token.pos_ != "ADJ" and kind_of_noun([token.lemma_.lower()])):
            return
        yield token


def _opponents(reader: Reader, tokens: list[Token]) -> Iterator[Actor]:
    """Who killed whoever "was killed in an encounter with X" or "in a police encounter": the other side of the fight."""
    harmed = [
        t for t in tokens if syntax.is_verb(t) and t.lemma_ in KILLED and (syntax.passive(t) or t.lemma_ == "die")
    ]
    own = {a.kind for t in harmed for c in t.children if c.dep_ in SUFFERING and (a := reader.actor(c))}
    for fight in tokens if harmed else ():
        if fight.lemma_.lower() in FIGHTS and not syntax.is_verb(fight):
            sides = [*syntax.pobjs(fight, WITH), *(c for c in fight.lefts if c.dep_ == "compound")]
            others = (reader.actor(noun, "reported") for noun in sides)
            yield from (a for a in others if a and acts(a) and a.kind != "individual" and a.kind not in own)


def _threatening(reader: Reader, tokens: list[Token]) -> Iterator[Actor]:
    """Who says what is a threat: the subject of the verb of saying above it, if that is a group, force or state."""
    for token in tokens:
        verb = token
        while verb.dep_ in CLAUSES and not (syntax.is_verb(verb) and verb.lemma_ in SAYING):
            verb = verb.head
        if syntax.is_verb(verb) and verb.lemma_ in SAYING and not syntax.passive(verb):
            mouths = [m for noun in syntax.subjects(verb) for m in (noun, *syntax.pobjs(noun, FOR))]
            said = (reader.actor(noun, "claimed") for noun in mouths)
            yield from (a for a in said if a and acts(a) and a.name and a.kind in GROUPS | {"state_force"})


def _armed(tokens: list[Token]) -> bool:
    """Whether the words are for armed violence, so that even the police can be who did it."""
    return any(t.lemma_.lower() in {"kill", "shoot", "fire", "open", "strike", "beat", "hit", "wound"} for t in tokens)


def _agent_nouns(token: Token) -> Iterator[tuple[Token, Certainty]]:
    """Who may have done it by one word of the event; not "militants" in "militants killed in an air strike"."""
    if syntax.is_verb(token):
        if _wards_off(token) or token.lemma_ in syntax.DENYING:
            return
        certainty: Certainty = "denied" if syntax.disowned(token) else "reported"
        if not syntax.passive(token) and token.lemma_.lower() not in frames().suffer:
            doers = syntax.subjects(token)  # an attack claims lives; a group that claims one is heard elsewhere
            yield from ((s, certainty) for s in doers if token.lemma_ != "claim" or syntax.is_event_noun(s))
        yield from ((t, "reported") for t in syntax.pobjs(token, BY))
        if FIGHTS & {token.lemma_.lower(), *(s.lemma_.lower() for s in syntax.subjects(token))}:
            yield from ((t, "reported") for t in syntax.pobjs(token, BETWEEN))
    elif syntax.is_event_noun(token) or not any(c.dep_ == "acl" and syntax.passive(c) for c in token.children):
        yield token, "reported"


def _wards_off(verb: Token) -> bool:
    """Whether a verb tells of defence: "foiled", "intercepted", and whatever is done to a thing that flies in, except
    to launch it.
    """
    lemma = verb.lemma_.lower()
    if lemma in frames().parry:
        return True
    struck = [core(c) for c in verb.children if c.dep_ in {"dobj", "nsubjpass"}]
    return lemma not in frames().light and any(t.lemma_.lower() in FLYING for t in struck)


def _resolve(reader: Reader, noun: Token, certainty: Certainty, event_type: str, depth: int = 0) -> Iterator[Actor]:
    """The actor a noun stands for: itself, or who stands before or behind the deed or weapon that it names."""
    if depth > 3:
        return
    if syntax.is_event_noun(noun) or _weapon(noun):
        for below, sure in _of_deed(noun):
            yield from _resolve(reader, below, sure, event_type, depth + 1)
        yield from _modifiers(reader, noun, event_type)
        yield from _owners(reader, noun, certainty, event_type, depth)
        return
    if (speaker := syntax.speaker_behind(noun)) is not None:
        yield from of_itself(reader, speaker, "denied" if certainty == "denied" else "claimed")
        return
    actor = reader.actor(noun, _certainty(noun, certainty))
    if actor and acts(actor) and not (actor.kind == "government" and not actor.name):
        yield actor
        yield from _sharing(reader, noun)
        if not actor.name:
            yield from _apposed(reader, noun)


def _weapon(noun: Token) -> bool:
    """Whether a noun is a deed or weapon that a state or group uses, also by its make: "a Russian Lancet"."""
    return noun.lemma_.lower() in frames().ranged or (noun.pos_ in {"NOUN", "PROPN"} and bool(weapon_words(noun.text)))


def _apposed(reader: Reader, noun: Token) -> Iterator[Actor]:
    """Whose people they are, as told beside it: "the gunmen, members of the ELN, ...", "men suspected to be settlers"."""
    beside = [(reader.actor(c, _certainty(noun, "reported")), True) for c in noun.children if c.dep_ == "appos"]
    for held in (c for c in noun.children if c.dep_ == "acl" and c.lemma_ in {"suspect", "believe", "think"}):
        being = (c for c in held.children if c.lemma_ == "be")
        beside += [(reader.actor(a, "suspected"), False) for b in being for a in b.children if a.dep_ == "attr"]
    yield from (a for a, named in beside if a and (a.name or not named) and a.kind in GROUPS | FORCES)
    yield from _uniformed(reader, noun)
    for tie in (t for t in noun.subtree if t.i > noun.i and t.lemma_.lower() in TIES):
        tied = (reader.actor(a, "reported") for a in syntax.pobjs(tie, TIED_TO))
        yield from (a for a in tied if a and a.name and a.kind in GROUPS)


def _uniformed(reader: Reader, noun: Token) -> Iterator[Actor]:
    """Whose uniform they wear, which may be a disguise: "men in the uniform of the RSF", "wearing army fatigues"."""
    for wear in (t for t in noun.subtree if t.i > noun.i and t.lemma_.lower() in UNIFORMS):
        owners = [*(c for c in wear.lefts if c.dep_ in MODIFIERS), *syntax.pobjs(wear, OF)]
        for owner in owners:
            state = reader.state(owner)
            actor = as_suspect(state[0]) if state else reader.actor(owner, "suspected")
            if actor and actor.name and actor.kind in GROUPS | {"state_force", "police"}:
                yield actor


def _sharing(reader: Reader, noun: Token) -> Iterator[Actor]:
    """The first of two states that share a noun: "Indian and Pakistani troops"."""
    for adjective in noun.lefts:
        state = reader.state(adjective) if any(c.dep_ == "conj" for c in adjective.children) else None
        if state is not None and state[1] == "adjective":
            yield state[0]


def _owners(reader: Reader, noun: Token, certainty: Certainty, event_type: str, depth: int) -> Iterator[Actor]:
    """ "A jet of the coalition" acts for the coalition, and so do its bullets."""
    machine = reader.actor(noun)
    if (machine and machine.kind == "vehicle") or noun.lemma_.lower() in FLYING | FIRING:
        for owner in syntax.pobjs(noun, OF):
            yield from _resolve(reader, owner, certainty, event_type, depth + 1)


def of_itself(reader: Reader, speaker: Token, certainty: Certainty = "claimed") -> Iterator[Actor]:
    """A group or force that says of itself that it did it, or that it did not."""
    actor = reader.speaking_for(speaker, certainty)
    if actor and actor.name and acts(actor) and actor.kind not in {"individual", "government"}:
        yield actor


def _of_deed(noun: Token) -> Iterator[tuple[Token, Certainty]]:
    yield from ((t, "reported") for t in syntax.pobjs(noun, BY))
    if noun.lemma_.lower() in FIGHTS:
        yield from ((t, "reported") for t in syntax.pobjs(noun, BETWEEN))
    for child in noun.children:
        if child.dep_ == "acl" and child.tag_ == "VBN" and child.lemma_ in frames().light | {"claim"}:
            certainty: Certainty = "claimed" if child.lemma_ == "claim" else "reported"
            yield from ((t, certainty) for t in syntax.pobjs(child, BY))


def _modifiers(reader: Reader, noun: Token, event_type: str) -> Iterator[Actor]:
    """ "Taliban attack", "Israeli air strike", "the army's raid": never a place, never a thing."""
    for child in noun.lefts:
        if child.dep_ not in MODIFIERS or syntax.is_event_noun(child):
            continue
        if child.lemma_.lower() == "fighter" and child.dep_ == "compound":
            continue  # a fighter jet
        suffered = child.dep_ == "poss" and noun.lemma_.lower() in frames().of_patient - frames().ranged
        if suffered and not doer(reader, child):
            continue
        state = reader.state(child)
        if state is not None:
            if _weapon(noun) and (state[1] == "adjective" or child.dep_ == "poss"):
                yield as_suspect(state[0]) if _certainty(noun, "reported") == "suspected" else state[0]
            continue
        actor = reader.actor(child, _certainty(noun, "reported")) if child.pos_ != "ADJ" else None
        if actor and acts(actor) and _telling(actor, child, event_type):
            yield actor


def doer(reader: Reader, possessor: Token) -> bool:
    """Whether a possessor did the deed rather than suffered it: "the IRA's bombing" against "the mayor's killing"."""
    actor = reader.actor(possessor)
    return actor is not None and actor.name is not None and actor.kind in GROUPS | {"state_force"}


def _telling(actor: Actor, child: Token, event_type: str) -> bool:
    """Whether a modifier names who did it: always where it is a possessor, else only groups ("rebel attack", "police
    raid").
    """
    if child.dep_ == "poss":
        return actor.name is not None or actor.kind in GROUPS | FORCES
    if actor.kind in GROUPS:
        return True
    return actor.kind in FORCES and (
        actor.name is not None
        or event_type in {"raid_arrest", "airstrike", "drone_strike"}
        or child.head.lemma_.lower() in FIRING
    )


def acts(actor: Actor) -> bool:
    """Whether this can be one who does it: a group, force, person or state, and no place or thing."""
    return actor.kind in AGENTS


def _certainty(noun: Token, certainty: Certainty) -> Certainty:
    """Suspected where a word within or just before the noun's phrase says so."""
    before = noun.doc[max(0, noun.left_edge.i - 1) : noun.i]
    return "suspected" if any(t.lower_ in frames().suspected for t in before) else certainty


def as_suspect(actor: Actor) -> Actor:
    return msgspec.structs.replace(actor, certainty="suspected")
