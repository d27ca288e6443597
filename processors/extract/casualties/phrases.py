"""Fixed turns of phrase about harm: running totals, lives lost, fatal events, hospital and condition, suicide."""

from collections.abc import Callable

from spacy.tokens import Token

from processors.extract.casualties.among import among
from processors.extract.casualties.fates import (
    carried,
    coded,
    condition,
    fighting,
    maimed,
    not_survived,
    suffered,
    treated,
)
from processors.extract.casualties.listed import identified, including
from processors.extract.casualties.people import People
from processors.extract.casualties.reader import Reader
from processors.extract.casualties.reality import is_negated, is_unreal
from processors.extract.casualties.subjects import people_at, subject_of
from processors.extract.casualties.toll import Toll
from processors.extract.casualties.totals import raised, running, total

Rule = Callable[[Reader, Token], Toll | None]


def phrase_tolls(reader: Reader) -> list[Toll]:
    """The tolls that such phrases tell in a parsed sentence."""
    words = reader.lex.words
    rules: tuple[tuple[frozenset[str], Rule], ...] = (
        (words.total, running),
        (words.running, raised),
        (words.totals, total),
        (words.part, among),
        (words.identify, identified),
        (words.include, including),
        (words.survive, not_survived),
        (words.martyrs, _martyred),
        (words.life, _lives),
        (words.wounds, suffered),
        (words.hospital, carried),
        (words.condition, condition),
        (words.treat, treated),
        (words.throats, _throats),
        (words.price, _sacrificed),
        (words.reflexive, _self),
        (words.limbs, maimed),
        (frozenset(words.codes), coded),
        (words.fatally, _fatally),
        (words.events, _fatal_event),
    )
    told = [(token, token.lower_) for token in reader.doc]
    found = [rule(reader, token) for token, low in told for forms, rule in rules if low in forms]
    return [toll for toll in found if toll]


def _throats(reader: Reader, token: Token) -> Toll | None:
    """ "slit the throats of six farmers", "had his throat cut"."""
    words = reader.lex.words
    verb = next((a for a in (token, *token.ancestors) if a.lower_ in words.slit), None)
    if verb is None or is_negated(verb) or is_unreal(verb, words):
        return None
    of = next((o for p in token.rights if p.lower_ == "of" for o in p.children if o.dep_ == "pobj"), None)
    people = people_at(reader, of if of is not None else subject_of(verb) if verb.head.lower_ == "had" else None)
    return reader.toll(token, "killed", people) if people else None


def _sacrificed(reader: Reader, token: Token) -> Toll | None:
    """ "paid the supreme price", "made the ultimate sacrifice"."""
    verb = token.head
    if verb.lemma_ not in ("pay", "make") or not any(t.lower_ in reader.lex.words.supreme for t in token.lefts):
        return None
    people = None if is_unreal(verb, reader.lex.words) else people_at(reader, subject_of(verb))
    return reader.toll(token, "killed", people) if people else None


def _martyred(reader: Reader, token: Token) -> Toll | None:
    """ "embraced martyrdom", "rose as martyrs"."""
    verb = next((a for a in token.ancestors if a.lower_ in reader.lex.words.martyr_verbs), None)
    people = people_at(reader, subject_of(verb)) if verb is not None else None
    return reader.toll(token, "killed", people) if people else None


def _lives(reader: Reader, token: Token) -> Toll | None:
    """ "claimed the lives of nine", "lost their lives", "took his own life"."""
    words, verb = reader.lex.words, token.head
    if verb.lower_ in words.lose_lives and any(t.lower_ in words.possessives for t in token.lefts):
        people = people_at(reader, subject_of(verb))
        return reader.toll(token, "killed", people) if people else None
    if verb.lower_ == "for":
        return fighting(reader, token)
    if verb.lower_ not in words.take_lives or is_unreal(verb, words):
        return None
    if any(t.lower_ in words.own for t in token.lefts):
        return reader.toll(token, "attackers_killed", _one_attacker(subject_of(verb) or token))
    people = people_at(reader, next((o for p in token.rights if p.lower_ == "of" for o in p.children), None))
    number = next((n for n in reader.numbers if 0 <= token.idx - n.end < 10 and not n.article), None)
    people = people or (reader.of_number(number) if number else None)
    return reader.toll(token, "killed", people) if people else None


def _self(reader: Reader, token: Token) -> Toll | None:
    """ "shot himself", "blew himself up", "shot his wife and then himself", "turned the gun on himself"."""
    words = reader.lex.words
    joined = token.dep_ in ("conj", "appos", "dep", "npadvmod")
    deed = next((a for a in token.ancestors if a.pos_ == "VERB"), token.head) if joined else token.head
    verb = deed if joined or token.dep_ in ("dobj", "obj") else token.head.head
    on_himself = token.dep_ == "pobj" and verb.lower_ in words.turn
    if not on_himself and not ((joined or token.dep_ in ("dobj", "obj")) and verb.lower_ in words.suicide):
        return None
    if is_unreal(verb, words) or is_negated(verb):
        return None
    if verb.lower_ in words.suicide and verb.lower_ not in words.deadly_to_self and _unaware(reader, verb):
        return reader.toll(verb, "injured", People(1, 1, token.i, token.i, None, definite=True), whole=True)
    return reader.toll(verb, "attackers_killed", _one_attacker(token))


def _unaware(reader: Reader, verb: Token) -> bool:
    """ "a toddler shot himself", "accidentally shot herself": an accident, no attacker's end."""
    words, subject = reader.lex.words, subject_of(verb)
    return any(t.lower_ in words.unaware for t in verb.children) or (
        subject is not None and subject.lemma_.lower() in words.young
    )


def _one_attacker(token: Token) -> People:
    return People(1, 1, token.i, token.i, None, "attackers", definite=True)


def _fatally(reader: Reader, token: Token) -> Toll | None:
    """ "four were shot, one fatally"."""
    number = next((n for n in reader.numbers if 0 <= token.idx - n.end <= 9 and not n.article), None)
    if number is None or any(c in reader.sentence.read[number.end : token.idx] for c in ",;"):
        return None
    return reader.toll(token, "killed", reader.of_number(number))


def _fatal_event(reader: Reader, token: Token) -> Toll | None:
    """ "a fatal shooting", "a double homicide": at least that many; a "murder" alone is no person more."""
    words = reader.lex.words
    if token.dep_ == "compound":
        return None
    before = {t.lower_ for t in token.lefts if t.dep_ in ("amod", "compound", "nmod")}
    many = next((n for w, n in words.multiple.items() if w in before), None)
    murders = many is not None and token.lower_ in ("murder", "murders", "killing", "killings")
    deadly = bool(before & words.deadly) or token.lower_ in words.homicide or murders
    if (many is None and not deadly) or is_unreal(token, words) or before & words.attempted:
        return None
    count = many or 1
    first = min((t.i for t in token.lefts if t.lower_ in words.multiple), default=token.i)
    people = People(count, count if many else None, first, token.i, None, definite=True, numbered=bool(many))
    return reader.toll(token, "killed" if deadly else "injured", people, whole=not deadly)
