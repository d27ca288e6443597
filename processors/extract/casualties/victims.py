"""Whom a word for harm is about: the noun phrases that its place in the sentence makes the ones harmed."""

from itertools import pairwise

from spacy.tokens import Token

from processors.extract.casualties.lexicon import Cue, PeopleWords

OBJECTS = ("dobj", "obj", "dative")
SUBJECTS = ("nsubj", "nsubjpass")
AIMED = ("at", "toward", "towards", "back", "into")
COUNTED = ("once", "twice", "repeatedly", "back", "randomly", "blindly", "three", "several")
REFLEXIVE = ("himself", "herself", "themselves")
HYPHENS = ("-", "‑")
NOMINAL = ("NOUN", "PROPN", "NUM", "PRON", "DET")


def victims_of(token: Token, cue: Cue, people: PeopleWords) -> Token | None:
    """Head of the noun phrase whose people were harmed, None where the parse shows none."""
    if cue.sort == "noun":
        return _counted(token, cue)
    if cue.sort == "undergo":
        return _subject(token, people)
    if cue.sort == "state":
        return _bearer(token)
    return None if _is_aimed(token, people) or _is_counted_shot(token) else _undergoer(token)


def _is_counted_shot(verb: Token) -> bool:
    """ "shot twice at the house": so often somebody shot, who is the subject."""
    after = [t.lower_ for t in verb.doc[verb.i + 1 : verb.i + 4]]
    return "at" in after[1:] and after[0] in COUNTED and verb.lower_ in ("shot", "fired")


def _is_aimed(verb: Token, people: PeopleWords) -> bool:
    """ "shot at a patrol" hurts nobody yet; "shot at a party" is a passive."""
    if any(t.dep_ in ("auxpass", "agent") for t in verb.children):
        return False
    aims = [o for t in verb.children if t.dep_ == "prep" and t.lower_ in AIMED for o in t.children]
    return any(o.lemma_.lower() in people.persons or o.lemma_.lower() in people.aimed_at for o in aims)


def _undergoer(verb: Token) -> Token | None:
    """Object of an active verb, subject of a passive one, the noun that a participle belongs to."""
    if any(t.dep_ == "prt" and t.lower_ == "down" for t in verb.children) and verb.lower_ != "gunned":
        return None
    if verb.pos_ in ("NOUN", "PROPN"):
        of = next((o for p in verb.rights if p.lower_ == "of" for o in p.children if o.dep_ == "pobj"), None)
        return next((t for t in verb.lefts if t.dep_ == "nummod"), of)  # "the killing of seven farmers"
    if (turned := _behind(verb)) is not None:
        return turned
    passive = next((t for t in verb.children if t.dep_ == "nsubjpass"), None)
    if passive is not None and any(t.dep_ == "auxpass" for t in verb.children):  # "14 were hurt, among them a child"
        return _antecedent(passive, verb)
    if found := _object(verb):
        if found.lower_ in REFLEXIVE:  # "killed himself and four others"
            return next((t for t in found.conjuncts if t.i > found.i and t.pos_ in NOMINAL), None)
        return _antecedent(found, verb)
    if (verb.dep_ in ("acl", "amod") and verb.tag_ == "VBN") or (verb.dep_ == "acl" and verb.tag_ == "VBD"):
        return verb.head
    if verb.dep_ == "amod":
        return None
    if passive is not None:
        return _antecedent(passive, verb)
    if verb.tag_ in ("VBN", "VBD"):
        return _participle_subject(verb)
    return None


def _object(verb: Token) -> Token | None:
    """Its object; of a word with hyphens ("ex-wife") the last part."""
    found = [t for t in verb.children if t.dep_ in OBJECTS]
    for one, other in pairwise(found):
        if other.doc[other.i - 1].text not in HYPHENS and other.text not in HYPHENS:
            return one
    return found[-1] if found else None


def _behind(participle: Token) -> Token | None:
    """ "Killed was a clerk", "Killed in the blast were constables Ali and Omar": the people stand behind."""
    doc, at = participle.doc, participle.i
    if not participle.text.istitle() or at + 2 >= len(doc):
        return None
    adverbial = doc[at + 1].dep_ == "prep" and not any(t.dep_ in SUBJECTS for t in doc[:at])
    near = doc[at + 1 : at + 9] if adverbial else doc[at + 1 : at + 2]
    be = next((t for t in near if t.lower_ in ("was", "were", "is", "are") or t.text in (",", ".")), None)
    if be is None or be.is_punct:
        return None
    found = [t for t in doc[be.i + 1 :] if t.dep_ in ("attr", "nsubj", "nsubjpass", *OBJECTS)]
    titled = len(found) > 1 and found[0].tag_ == "NNS" and doc[found[0].i + 1].tag_ == "NNP"
    return found[1] if titled else found[0] if found else None


def _participle_subject(verb: Token) -> Token | None:
    """ "Three soldiers killed in Kano" (no object), "was shot and killed" (subject of the verb it is joined to)."""
    if (nearest := _before_helper(verb)) is not None:
        return nearest
    subject = next((t for t in reversed(list(verb.lefts)) if t.dep_ == "nsubj"), None)
    helped = any(t.dep_ == "aux" and t.lower_ in ("has", "have", "had", "did") for t in verb.children)
    if subject is not None:
        joined = any(t.dep_ == "conj" and any(o.dep_ in OBJECTS for o in t.children) for t in verb.children)
        return None if helped or joined else _antecedent(subject, verb)
    if verb.dep_ == "advcl" and verb.tag_ == "VBN" and _clipped(verb.head):
        return _shared(verb.head)
    if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX", "ADJ"):
        return _shared(verb.head, passive_only=not any(t.dep_ == "auxpass" for t in verb.children))
    if verb.dep_ in ("acomp", "oprd", "attr", "xcomp", "ccomp") and verb.head.pos_ in ("VERB", "AUX"):
        return _of_maker(verb.head)
    return None


def _before_helper(verb: Token) -> Token | None:
    """ "… in the arm and her guard was killed": the noun right before "was", which the parser gave to another word."""
    helper = next((t for t in verb.lefts if t.dep_ == "auxpass"), None)
    if helper is None or not helper.i or any(t.dep_ in SUBJECTS for t in verb.children):
        return None
    before = helper.nbor(-1)
    return before if before.pos_ in ("NOUN", "PROPN") and before.dep_ in ("conj", "appos") else None


def _shared(verb: Token, passive_only: bool = False) -> Token | None:
    """Whom a verb is about that shares its people with another; an active one shares its subject with passives only."""
    passive = next((t for t in verb.children if t.dep_ == "nsubjpass"), None)
    if passive is not None:
        return _antecedent(passive, verb)
    if any(t.dep_ in OBJECTS for t in verb.children):
        return None
    if verb.dep_ == "acl" and verb.tag_ == "VBN":
        return verb.head
    subject = next((t for t in verb.children if t.dep_ == "nsubj"), None)
    if subject is not None:
        return None if passive_only and verb.tag_ != "VBN" and not _clipped(verb) else _antecedent(subject, verb)
    return _shared(verb.head, passive_only) if verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX") else None


def _clipped(verb: Token) -> bool:
    """A headline's participle: "Man shot, killed"."""
    return verb.lower_ in ("shot", "found", "stabbed", "wounded", "injured", "killed", "beaten", "hit", "struck")


def _subject(verb: Token, people: PeopleWords) -> Token | None:
    """Subject of "die", also of the verb it is joined to, or the noun it belongs to."""
    subjects = [t for t in verb.children if t.dep_ in SUBJECTS]
    if subjects:  # the parser may take a headline's noun before the person for one too
        return _antecedent(next((t for t in subjects if t.lemma_.lower() not in people.things), subjects[0]), verb)
    if verb.dep_ in ("acl", "relcl"):
        return verb.head
    if verb.dep_ in ("conj", "xcomp", "advcl", "dep") and verb.head.pos_ in ("VERB", "AUX"):
        return _any_subject(verb.head)
    return None


def _any_subject(verb: Token) -> Token | None:
    found = next((t for t in verb.children if t.dep_ in SUBJECTS), None)
    return _antecedent(found, verb) if found is not None else None


def _antecedent(token: Token, verb: Token) -> Token:
    """ "who" stands for the noun of its relative clause."""
    if token.tag_ in ("WP", "WDT") and verb.dep_ == "relcl":
        return verb.head
    return token


def _bearer(state: Token) -> Token | None:
    """Of whom an adjective is said: "three dead", "left three dead", "were found dead", "the two dead men"."""
    if number := next((t for t in state.lefts if t.dep_ in ("nummod", "det", "amod") and t.pos_ == "NUM"), None):
        return number
    if state.dep_ in ("amod", "acl", "advmod") and state.head.pos_ in NOMINAL:
        return state.head
    if subject := next((t for t in state.children if t.dep_ in SUBJECTS), None):
        return _listed_before(subject, state) or subject
    if state.dep_ == "conj":
        return _bearer_of_head(state)
    if state.dep_ in (
        "acomp",
        "oprd",
        "attr",
        "xcomp",
        "ccomp",
        "advcl",
        "advmod",
        "prt",
        "dep",
        "dobj",
    ) and state.head.pos_ in ("VERB", "AUX"):
        return _of_maker(state.head)
    return None


def _listed_before(last: Token, state: Token) -> Token | None:
    """ "left an elderly couple and their grandson dead": the parser may part the list."""
    made = next((t for t in state.head.children if t.dep_ in OBJECTS), None) if state.dep_ == "conj" else None
    if made is None or any(t.dep_ in ("aux", "cop") for t in state.children):
        return None
    return made if last.doc[made.right_edge.i + 1 : last.left_edge.i].text == "and" else None


def _bearer_of_head(state: Token) -> Token | None:
    head = state.head
    if head.pos_ in ("ADJ", "VERB", "AUX"):
        return _of_maker(head) or next((t for t in head.children if t.dep_ in SUBJECTS), None)
    return None


def _of_maker(verb: Token) -> Token | None:
    found = next((t for t in verb.children if t.dep_ in OBJECTS), None)
    if found is not None:
        return found
    return _shared(verb) or _any_subject(verb)


def _counted(noun: Token, cue: Cue) -> Token | None:
    """ "the deaths of 12 people", "12 deaths", "two bodies"."""
    for preposition in noun.rights:
        if preposition.dep_ == "prep" and preposition.lower_ in (("of",) if cue.of else ("of", "to", "among")):
            found = next((t for t in preposition.children if t.dep_ == "pobj"), None)
            if found is not None and not any(t.dep_ == "nummod" for t in noun.lefts):
                return found
    return noun if any(t.dep_ in ("nummod", "det", "amod", "advmod", "quantmod") for t in noun.lefts) else None
