"""Who says it was them, who is blamed, suspected, or denies: sentences on responsibility for a deed that another
sentence tells.
"""

import re
from collections.abc import Iterator

from spacy.tokens import Token

from processors.extract.actors import syntax
from processors.extract.actors.agents import acts, of_itself
from processors.extract.actors.lexicon import frames
from processors.extract.actors.phrases import Reader, core
from processors.model import Actor, Certainty

TAKE = frozenset({"claim", "accept", "take", "assume", "admit", "acknowledge", "assert", "adopt", "confess"})
TAKEN = frozenset({"responsibility", "credit", "act", "action", "deed", "authorship"})
BLAME_TAKEN = frozenset({"responsibility", "credit"})  # who takes action claims none
DOING = frozenset(
    {"drive", "detonate", "attack", "fire", "target", "storm", "plant", "strike", "carry", "blow", "launch", "shell"}
)
BLAME = frozenset({"blame", "accuse"})
TAKING_SIDES = TAKE | BLAME | syntax.DENYING
LAYING = TAKING_SIDES | {"attribute", "suspect", "be", "hold", "point", "own"}  # a deed at somebody's door
BLASTS = frozenset({"blast", "bombing", "explosion"})
BLASTLESS = frozenset({"shooting", "assault", "abduction", "sexual_violence", "riot", "raid_arrest"})
SEIZURES = frozenset({"kidnapping", "abduction"})
OWN = frozenset(
    {"involvement", "responsibility", "role", "part", "accusation", "allegation", "link", "connection", "charge"}
)
HELD = frozenset({"dobj", "ccomp", "nsubjpass"})
ON = frozenset({"on", "upon"})
BY = frozenset({"by"})
TO = frozenset({"to"})
AT = frozenset({"at", "to", "toward", "towards"})
OF = frozenset({"of"})
WITHIN = frozenset({"of", "from", "in", "inside", "within"})
BLAMING = frozenset({"blame", "attribute", "be", "hold"})
FORCES = frozenset({"state_force", "police", "armed_group", "criminal_group"})
NOBODY = frozenset({"no", "nobody", "none", "neither", "no-one"})

# words right after or around a known name, for headlines and notes that the parser does not make out
ASIDE = r"(?:\s*[\[(][^\])]{2,60}[\])])?,?(?:\s+(?:has|have|had|also|today|yesterday|later|on \w+|\w+day))*\s+"
AFTER: tuple[tuple[re.Pattern[str], Certainty], ...] = (
    (re.compile(ASIDE + r"(?:claims?|claimed)\b(?! (?:that|to|it|they|he|she)\b)"), "claimed"),
    (re.compile(ASIDE + r"(?:denies|denied|deny)\b"), "denied"),
    (re.compile(r"\s+(?:most likely|likely|probably|suspected|possibly|again\?)"), "suspected"),
    (re.compile(r",?\s+(?:is |was |were |are )?(?:responsible|to blame)\b"), "reported"),
)
IN_STATE = re.compile(r"\b(?:in|from|to|near|across|inside|into|of|for) (?:the )?$", re.I)
ACCUSED = re.compile(r"\baccus\w+ (?:the )?$", re.I)
BEFORE: tuple[tuple[re.Pattern[str], Certainty], ...] = (
    (re.compile(r"\b(?:claimed by|claim by)\s+(?:the )?$", re.I), "claimed"),
    (
        re.compile(
            r"\b(?:attacks?|ambush(?:es)?|raids?|strikes?|bombings?|shelling|shootings?|assaults?|kidnappings?|killings?)"
            r" by (?:the )?$",
            re.I,
        ),
        "reported",
    ),
    (
        re.compile(
            r"\b(?:blamed on|blames?|blamed|accuses?|accused|attributed to|responsibility lies with)\s+(?:the )?$", re.I
        ),
        "reported",
    ),
    (
        re.compile(
            r"\b(?:believed|thought|suspected|presumed|alleged) to (?:be|have been) "
            r"(?:from |part of |linked to |(?:members|fighters|militants) (?:of|from) )?(?:the )?$",
            re.I,
        ),
        "suspected",
    ),
    (re.compile(r"\b(?:suspected|suspects?|likely|probably|apparently)\s+(?:the )?$", re.I), "suspected"),
)


def responsible(reader: Reader, event_type: str) -> list[Actor]:
    """Actors of whom a parsed sentence says that they claim, are blamed for, are suspected of or deny a deed, except
    where it names a deed of another kind: who claims the blast said nothing of the shooting.
    """
    if _of_another_kind(reader, event_type):
        return []
    found: list[Actor] = []
    for verb in reader.sentence.tokens:
        if syntax.is_verb(verb) and not any(c.dep_ == "neg" for c in verb.children):
            deed = verb.lemma_.lower() in BLAMING and any(map(syntax.is_event_noun, (verb.head, *verb.subtree)))
            for noun, certainty in _of_verb(verb):
                found += _actors(reader, noun, certainty, deed)
            found += _accused(reader, verb)
            found += _origin(reader, verb)
            found += _own_people(reader, verb)
    return found + list(_beside_names(reader))


def _of_another_kind(reader: Reader, event_type: str) -> bool:
    """Whether the deed claimed or denied is a blast and the incident none, or a kidnapping and the incident none."""
    for verb in reader.sentence.tokens:
        if verb.lemma_ in TAKING_SIDES:
            whats = {t.lemma_.lower() for c in verb.children if c.dep_ in {"dobj", "nsubjpass"} for t in c.subtree}
            if (whats & BLASTS and event_type in BLASTLESS) or (whats & SEIZURES and event_type != "abduction"):
                return True
    return False


def _own_people(reader: Reader, verb: Token) -> Iterator[Actor]:
    """Who says of its own people that they did it, or did not: "the group said one of its men had driven the car"."""
    if verb.lemma_.lower() not in DOING or syntax.passive(verb):
        return
    for subject in syntax.subjects(verb):
        own = next(
            (c for c in core(subject).children if c.dep_ == "poss" and c.lower_ in {"its", "their", "our"}), None
        )
        if own is not None and (speaker := syntax.speaker_behind(own)) is not None:
            yield from of_itself(reader, speaker, "denied" if syntax.disowned(verb) else "claimed")


def _beside_names(reader: Reader) -> Iterator[Actor]:
    text = reader.sentence.read
    harmless = any(t.lemma_ == "accuse" and _of_no_deed(t) for t in reader.sentence.tokens)
    for start, end, known in reader.names:
        if known.sort == "adjective" or not (actor := known.choose(reader.on, reader.country)):
            continue
        where = known.sort == "state" and IN_STATE.search(text[:start])
        said = None if where else next((c for pattern, c in AFTER if pattern.match(text, end)), None)
        if not (harmless and ACCUSED.search(text[:start])):
            said = said or next((c for pattern, c in BEFORE if pattern.search(text[:start])), None)
        if said and (known.sort != "seat" or said == "denied"):
            yield reader.known(start, end, actor, said)


def _actors(reader: Reader, noun: Token, certainty: Certainty, deed: bool) -> Iterator[Actor]:
    """Whom a noun names; where the deed is told beside it (`deed`), also forces and gangs without a name and persons by theirs."""
    if any(c.lower_ in NOBODY for c in noun.lefts) or noun.lower_ in NOBODY:
        return
    if (speaker := syntax.speaker_behind(noun)) is not None:
        yield from of_itself(reader, speaker)
        return
    actor = reader.actor(noun, certainty)
    if not actor or not acts(actor) or actor.kind == "party":
        return
    if (actor.kind in FORCES and deed) if not actor.name else (actor.kind != "individual" or deed):
        yield actor


def _of_verb(verb: Token) -> Iterator[tuple[Token, Certainty]]:
    lemma = verb.lemma_.lower()
    if lemma not in LAYING:
        return
    objects = [o for c in verb.children if c.dep_ in {"dobj", "nsubjpass"} for o in syntax.together(c)]
    lemmas = {o.lemma_.lower() for o in objects}
    if lemma in TAKE and (
        (BLAME_TAKEN if lemma == "take" else TAKEN) & lemmas
        or (lemma in {"claim", "adopt"} and any(syntax.is_event_noun(o) or o.lower_ == "which" for o in objects))
    ):
        doers = syntax.pobjs(verb, BY) if syntax.passive(verb) else syntax.subjects(verb)
        yield from ((d, "claimed") for d in doers)
    elif lemma in syntax.DENYING and not syntax.passive(verb):
        if OWN & lemmas or any(c.dep_ in {"ccomp", "xcomp"} for c in verb.children):
            yield from ((s, "denied") for s in syntax.subjects(verb))
    elif lemma in BLAME:
        yield from _blamed(verb)
    elif lemma == "point":
        if any(o.lemma_.lower() in {"finger", "fingers"} for o in objects):
            yield from ((t, "reported") for d in (verb, *objects) for t in syntax.pobjs(d, AT))
    elif lemma == "own":
        if any(c.lower_ == "up" for c in verb.children):
            yield from ((s, "claimed") for s in syntax.subjects(verb))
    elif lemma == "attribute":
        deeds = [verb, *filter(syntax.is_event_noun, objects)]
        yield from ((t, "reported") for d in deeds for t in syntax.pobjs(d, TO))
    elif lemma == "suspect":
        yield from ((o, "suspected") for o in objects if not syntax.is_event_noun(o))
    elif lemma == "be" or (lemma == "hold" and any(t.lower_ == "responsible" for t in verb.subtree)):
        yield from _behind(verb)


def _accused(reader: Reader, verb: Token) -> Iterator[Actor]:
    """Forces and gangs without a name whom somebody accuses of a deed: "accused soldiers of shooting"."""
    if verb.lemma_ != "accuse":
        return
    whom = [o for c in verb.children if c.dep_ in {"dobj", "nsubjpass"} for o in syntax.together(c)]
    deeds = [d for t in (verb, *whom) for d in syntax.pobjs(t, OF) if _is_deed(d)]
    if deeds:
        actors = (reader.actor(noun, "reported") for noun in whom)
        yield from (a for a in actors if a and not a.name and a.kind in FORCES)


def _is_deed(told: Token) -> bool:
    """ "of shooting two men", "of the attack", "of carrying out the attack"."""
    if told.lemma_.lower() in frames().violent or syntax.is_event_noun(told):
        return True
    carried = told.lemma_.lower() in frames().light
    return carried and any(c.dep_ == "dobj" and syntax.is_event_noun(c) for c in told.children)


def _blamed(verb: Token) -> Iterator[tuple[Token, Certainty]]:
    if verb.lemma_ == "accuse" and _of_no_deed(verb):
        return
    on = list(syntax.pobjs(verb, ON))
    yield from ((t, "reported") for t in on)
    for child in verb.children:
        if child.dep_ in {"dobj", "nsubjpass"} and not on:
            nouns = [t for t in syntax.together(child) if not syntax.is_event_noun(t)]
            yield from ((t, "reported") for t in nouns)
            own = [n for n in nouns if n.pos_ != "PROPN"]  # the Communist Party of Spain is not Spain
            yield from ((t, "reported") for n in own for t in syntax.pobjs(n, WITHIN))


def _of_no_deed(accuse: Token) -> bool:
    """Whether what somebody is accused of is no violence: "of backing the rebels", "of flying in weapons"."""
    whom = [o for c in accuse.children if c.dep_ in {"dobj", "nsubjpass"} for o in syntax.together(c)]
    whats = [w for t in (accuse, *whom) for w in syntax.pobjs(t, OF)]
    own = [w for w in whats if w.tag_ == "VBG"]
    return bool(own) and not any(_is_deed(w) or w.lemma_.lower() in frames().harm | DOING for w in own)


def _behind(verb: Token) -> Iterator[tuple[Token, Certainty]]:
    """ "X was responsible for", "X was behind", "held X responsible"."""
    if verb.lemma_ == "hold":
        yield from ((t, "reported") for c in verb.children if c.dep_ in HELD for t in _held(c))
        return
    said = any(c.lower_ == "responsible" and c.dep_ == "acomp" and _for_a_deed(c) for c in verb.children)
    if said or any(c.lower_ == "behind" and c.dep_ == "prep" for c in verb.children):
        yield from ((s, "reported") for s in syntax.subjects(verb))


def _for_a_deed(responsible: Token) -> bool:
    """Not for a task: "the office, which is responsible for roads"."""
    whats = [p for c in responsible.children if c.lower_ == "for" for p in c.children if p.dep_ in {"pobj", "pcomp"}]
    return not whats or any(syntax.is_event_noun(w) or w.pos_ == "PRON" for w in whats)


def _held(child: Token) -> list[Token]:
    subject = next((c for c in child.children if c.dep_ == "nsubj"), None)
    return [subject] if child.dep_ == "ccomp" and subject is not None else [child]


def _origin(reader: Reader, verb: Token) -> Iterator[Actor]:
    """ "The drone was Turkish", "a drone said to be Turkish"."""
    adjective = next((c for c in verb.children if c.dep_ in {"acomp", "attr"}), None) if verb.lemma_ == "be" else None
    if adjective is None or adjective.pos_ not in {"ADJ", "PROPN"}:
        return
    told = verb.head if verb.dep_ == "xcomp" and verb.head.dep_ == "acl" else None
    subjects = syntax.subjects(verb) or ([told.head] if told is not None else [])
    state = reader.state(adjective)
    if state and state[1] == "adjective" and any(syntax.is_event_noun(s) for s in subjects):
        yield state[0]
