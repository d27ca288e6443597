"""Harm told by what follows from it: wounds, limbs lost, hospital, condition."""

from dataclasses import replace

from spacy.tokens import Token

from processors.extract.casualties.people import People
from processors.extract.casualties.reader import Reader
from processors.extract.casualties.reality import is_negated, is_unreal
from processors.extract.casualties.subjects import people_at, subject_of
from processors.extract.casualties.toll import Toll


def _being_treated(reader: Reader, token: Token) -> Toll | None:
    """ "nine others are being treated"; nobody is hurt who "was treated like a guest"."""
    after = [t.lower_ for t in token.children if t.i > token.i]
    if {"like", "as", "to", "with"} & set(after) or is_negated(token) or is_unreal(token, reader.lex.words):
        return None
    people = people_at(reader, next((t for t in token.children if t.dep_ == "nsubjpass"), None))
    told = reader.toll(token, "injured", people, whole=not people.more) if people else None
    return replace(told, tended=True) if told else None


def fighting(reader: Reader, life: Token) -> Toll | None:
    """ "another is fighting for his life"."""
    verb = life.head.head
    if verb.lower_ not in reader.lex.words.fight or is_unreal(verb, reader.lex.words):
        return None
    people = people_at(reader, subject_of(verb))
    return reader.toll(life, "injured", people) if people else None


def not_survived(reader: Reader, token: Token) -> Toll | None:
    """ "one victim did not survive", "two of them did not make it"."""
    helped = {t.lower_ for t in token.children if t.dep_ == "aux"}
    made = token.lower_ != "make" or any(t.dep_ == "dobj" and t.lower_ == "it" for t in token.children)
    if (
        not made
        or not is_negated(token)
        or not helped & {"did", "could"}
        or any(t.dep_ == "prep" for t in token.rights)
    ):
        return None
    people = people_at(reader, subject_of(token))
    return reader.toll(token, "killed", people) if people else None


def maimed(reader: Reader, token: Token) -> Toll | None:
    """ "lost his left foot", "lost limbs", "had both legs blown off", "sustained a broken arm"."""
    words, verb = reader.lex.words, token.head
    if any(t.lower_ in words.broken for t in token.lefts):
        return _by_verb(reader, token, words.suffer, whole=False)
    bare = not list(token.lefts) and all(t.lower_ != "of" for t in token.rights)  # not "lost sight of the car"
    owned = bare or any(t.lower_ in words.possessives for t in token.lefts)
    lost = verb.lower_ in words.lose_lives and owned
    blown = verb.lower_ in ("blown", "severed", "amputated", "torn") and token.dep_ in ("nsubj", "nsubjpass")
    if not (lost or blown) or is_negated(verb) or is_unreal(verb, words):
        return None
    people = people_at(reader, subject_of(verb if lost else verb.head))
    return reader.toll(token, "injured", people) if people else None


def coded(reader: Reader, token: Token) -> Toll | None:
    """ "driver 200", "two 300s", "2 x 200": military slang for dead and wounded."""
    doc, slot = reader.doc, reader.lex.words.codes[token.lower_]
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if token.i > 1 and doc[token.i - 1].lower_ in ("x", "х", "×") and doc[token.i - 2].text.isdecimal():
        many = int(doc[token.i - 2].text)
        return reader.toll(token, slot, People(many, many, token.i - 2, token.i - 2, None, numbered=True))
    if not token.i or (after is not None and not after.is_punct and after.lower_ not in ("and", "in")):
        return None
    before = doc[token.i - 1]
    near = [n for n in reader.numbers if before.idx - 2 <= n.end <= token.idx and not n.article]
    number = near[-1] if near else None  # 'two 300s', 'five "300"', 'three cargo 200'
    plural = token.lower_.endswith("s") or before.lower_ in ("more", '"', "“", "cargo")
    if plural and number is not None:
        return reader.toll(token, slot, reader.of_number(number))
    human = before.lower_ in reader.lex.people.persons or before.lower_ in reader.lex.people.relatives
    return reader.toll(token, slot, People(1, 1, before.i, before.i, before.lower_)) if human else None


def suffered(reader: Reader, token: Token) -> Toll | None:
    """ "three men suffered gunshot wounds", "a woman was found with a gunshot wound", "left nine with injuries"."""
    words = reader.lex.words
    whole = token.lower_ in words.maybe_fatal
    if found := _left_with(reader, token):
        return found
    if found := _by_verb(reader, token, words.suffer, whole) or _recovering(reader, token):
        return found
    noun = _before_aside(reader, token)
    people = people_at(reader, noun) if noun is not None else None
    told = reader.toll(token, "injured", people, whole=whole and not people.more) if people else None
    return replace(told, tended=True) if told else None


def _before_aside(reader: Reader, token: Token) -> Token | None:
    """ "16 others, including nine civilians, sustained injuries", "seven sustained wounds": who did, where the parser takes
    it for an adjective.
    """
    words, doc = reader.lex.words, reader.doc
    verb = next((t for t in token.lefts if t.lower_ in words.suffer and t.i), None)
    if verb is None or verb.nbor(-1).text != ",":
        return verb.nbor(-1) if verb is not None and verb.nbor(-1).pos_ == "NUM" else None
    part = next((t for t in reversed(doc[: verb.i]) if t.lower_ in words.part), None)
    return doc[part.i - 2] if part is not None and part.i > 1 and part.nbor(-1).text == "," else None


def _left_with(reader: Reader, token: Token) -> Toll | None:
    """ "the strike left nine residents with injuries"."""
    verb = token.head.head
    if token.head.lower_ != "with" or verb.lower_ not in reader.lex.words.makes or is_unreal(verb, reader.lex.words):
        return None
    people = people_at(reader, next((t for t in verb.children if t.dep_ in ("dobj", "obj")), None))
    return reader.toll(token, "injured", people) if people else None


def _recovering(reader: Reader, token: Token) -> Toll | None:
    """ "is recovering from wounds", "treated for smoke inhalation"."""
    prepositions = [a for a in token.ancestors if a.dep_ == "prep" and a.lower_ in ("from", "for", "with")]
    verb = prepositions[-1].head if prepositions else None
    if verb is None or verb.lower_ not in reader.lex.words.carry or is_unreal(verb, reader.lex.words):
        return None
    people = people_at(reader, subject_of(verb))
    return reader.toll(token, "injured", people) if people else None


def carried(reader: Reader, token: Token) -> Toll | None:
    """ "were rushed to hospital", "14 persons are in hospital", "nine sought medical help"."""
    words = reader.lex.words
    if token.lower_ in words.help:
        return _sought(reader, token)
    if found := _by_verb(reader, token, words.carry, whole=True) or _sought(reader, token):
        return found
    if found := _lying(reader, token):
        return found
    placed = token.head.lower_ in ("in", "under") and token.head.head.lower_ in words.stay
    return _by_verb(reader, token, words.stay, whole=False) if placed else None


def _lying(reader: Reader, token: Token) -> Toll | None:
    """ "26 on admission", "nine in hospital": a number, where no verb tells what it is of."""
    if token.lower_ not in reader.lex.words.wards or token.i < 2 or token.nbor(-1).lower_ not in ("on", "in", "under"):
        return None
    before = token.nbor(-2)
    number = next((n for n in reader.numbers if n.end == before.idx + len(before) and not n.article), None)
    return reader.toll(token, "injured", reader.of_number(number)) if number else None


def _sought(reader: Reader, token: Token) -> Toll | None:
    """ "eight people sought medical help", "five required treatment"."""
    verb = token.head
    if token.dep_ not in ("dobj", "obj") or verb.lower_ not in reader.lex.words.seek:
        return None
    if token.lower_ in reader.lex.words.help:
        kinds = {t.lower_ for t in token.lefts}
        if not kinds & reader.lex.words.medical:
            return None
    people = None if is_negated(verb) or is_unreal(verb, reader.lex.words) else people_at(reader, subject_of(verb))
    return reader.toll(token, "injured", people) if people else None


def treated(reader: Reader, token: Token) -> Toll | None:
    """ "paramedics treated four people at the scene"."""
    words, doers = reader.lex.words, [t for t in token.children if t.dep_ == "nsubj"]
    if any(t.dep_ == "auxpass" for t in token.children):
        return _being_treated(reader, token)
    if not any(t.lemma_.lower() in words.carers for t in doers) or is_negated(token) or is_unreal(token, words):
        return None
    people = people_at(reader, next((t for t in token.children if t.dep_ in ("dobj", "obj")), None))
    return reader.toll(token, "injured", people, whole=not people.more) if people else None


def condition(reader: Reader, token: Token) -> Toll | None:
    """ "two remain in critical condition", "left a man in critical condition"."""
    if not any(t.lower_ in reader.lex.words.conditions for t in token.lefts):
        return None
    verb = next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)
    if verb is None or is_negated(verb) or is_unreal(verb, reader.lex.words):
        return None
    left = (
        next((t for t in verb.children if t.dep_ in ("dobj", "obj")), None)
        if verb.lower_ in reader.lex.words.makes
        else None
    )
    people = people_at(reader, left if left is not None else subject_of(verb))
    return reader.toll(token, "injured", people) if people else None


def _by_verb(reader: Reader, token: Token, verbs: frozenset[str], whole: bool) -> Toll | None:
    verb = next((a for a in token.ancestors if a.lower_ in verbs), None)
    if verb is None or is_negated(verb) or is_unreal(verb, reader.lex.words):
        return None
    people = people_at(reader, subject_of(verb))
    told = reader.toll(token, "injured", people, whole=whole and not people.more) if people else None
    return replace(told, tended=True) if told else None
