"""Fixed turns of phrase about harm: running totals, lives lost, fatal events, hospital and condition, suicide."""

from collections.abc import Callable

from spacy.tokens import Token

from processors.extract.casualties.people import People, people_of
from processors.extract.casualties.reader import Reader
from processors.extract.casualties.reality import is_negated, is_unreal
from processors.extract.casualties.toll import Slot, Toll
from processors.extract.numbers import Quantity

Rule = Callable[[Reader, Token], Toll | None]
REACH = 90  # characters behind "toll" in which its figure stands
SUBJECTS = ("nsubj", "nsubjpass")


def phrase_tolls(reader: Reader) -> list[Toll]:
    """The tolls that such phrases tell in a parsed sentence."""
    words = reader.lex.words
    rules: tuple[tuple[frozenset[str], Rule], ...] = (
        (words.total, _running),
        (words.running, _raised),
        (words.martyrs, _martyred),
        (words.life, _lives),
        (words.wounds, _suffered),
        (words.hospital, _carried),
        (words.condition, _condition),
        (words.reflexive, _self),
        (words.limbs, _maimed),
        (frozenset(words.codes), _coded),
        (words.fatally, _fatally),
        (words.events, _fatal_event),
    )
    told = [(token, token.lower_) for token in reader.doc]
    found = [rule(reader, token) for token, low in told for forms, rule in rules if low in forms]
    return [toll for toll in found if toll]


def _running(reader: Reader, token: Token) -> Toll | None:
    """ "the death toll rose from 8 to 12", "bringing the toll to 12", "toll: 12"."""
    doc, text = reader.doc, reader.sentence.read
    before = doc[token.i - 1].lower_ if token.i else ""
    slot: Slot = "injured" if before in reader.lex.words.injury else "killed"
    stop = next((t.idx for t in doc[token.i + 1 :] if t.text == ";"), len(text))
    verb = token.head.idx if token.dep_ in SUBJECTS else token.idx  # "the toll from the blast in X has risen to"
    behind = [n for n in reader.numbers if token.idx < n.start < min(stop, verb + REACH) and not n.article]
    direct = [n for n in behind if _word_before(text, n) in reader.lex.words.toll_to or _moved(text, n)]
    near = [n for n in reader.numbers if 0 < token.idx - n.end < 12 and not n.article]
    chosen = next((n for n in direct if _word_before(text, n) == "to"), None) or next(iter(direct or near), None)
    if chosen is None:
        return None
    return reader.toll(token, slot, reader.of_number(chosen, _among(token)), cumulative=True)


def _moved(text: str, number: Quantity) -> bool:
    """ "from 8 to 12", of which the second stands; a range."""
    return number.min != number.max or (
        _word_before(text, number) == "from" and " to " in text[number.start : number.end]
    )


def _among(toll: Token) -> str | None:
    """ "the toll among its men": whose alone."""
    people = [o for p in toll.rights if p.lower_ in ("among", "amongst") for o in p.children if o.dep_ == "pobj"]
    return people[0].lower_ if people else None


def _raised(reader: Reader, token: Token) -> Toll | None:
    """ "bringing the number of children killed to four", "put the casualty figure at nine", "the dead are three"."""
    doc, words = reader.doc, reader.lex.words
    around = {t.lower_ for t in doc[max(0, token.i - 3) : token.i + 5]}
    hurt = not around & words.counted and bool(around & words.injury) and token.lower_ not in words.injury
    if not around & words.counted and not hurt:
        return None
    slot: Slot = "injured" if hurt else "killed"
    if token.dep_ == "nsubj" and token.head.lemma_ == "be":
        number = next((n for n in reader.numbers if n.start > token.head.idx and not n.article), None)
        if number is None or reader.sentence.read[token.head.idx + len(token.head) : number.start].strip():
            return None
        if (
            any(t.dep_ == "nummod" for t in token.lefts) or number.min != number.max
        ):  # "the four dead were between 22 and 37"
            return None
        return reader.toll(token, slot, reader.of_number(number), cumulative=True)
    verbs = [t for t in doc[max(0, token.i - 6) : token.i + 8] if t.lower_ in words.bring]
    behind = [n for n in reader.numbers if token.idx < n.start < token.idx + REACH and not n.article]
    number = next((n for n in behind if _word_before(reader.sentence.read, n) in ("to", "at")), None)
    if number and any(t.lower_ in words.total for t in doc[token.i + 1 :] if t.idx < number.start):
        return None  # that word tells it
    return reader.toll(token, slot, reader.of_number(number), cumulative=True) if verbs and number else None


def _martyred(reader: Reader, token: Token) -> Toll | None:
    """ "embraced martyrdom", "rose as martyrs"."""
    verb = next((a for a in token.ancestors if a.lower_ in reader.lex.words.martyr_verbs), None)
    people = _people(reader, subject_of(verb)) if verb is not None else None
    return reader.toll(token, "killed", people) if people else None


def _word_before(text: str, number: Quantity) -> str:
    words = text[: number.start].lower().replace(":", " : ").split()
    return words[-1] if words else ""


def _lives(reader: Reader, token: Token) -> Toll | None:
    """ "claimed the lives of nine", "lost their lives", "took his own life"."""
    words, verb = reader.lex.words, token.head
    if verb.lower_ in words.lose_lives and any(t.lower_ in words.possessives for t in token.lefts):
        people = _people(reader, subject_of(verb))
        return reader.toll(token, "killed", people) if people else None
    if verb.lower_ not in words.take_lives or is_unreal(verb, words):
        return None
    if any(t.lower_ in words.own for t in token.lefts):
        return reader.toll(token, "attackers_killed", _one_attacker(subject_of(verb) or token))
    people = _people(reader, next((o for p in token.rights if p.lower_ == "of" for o in p.children), None))
    number = next((n for n in reader.numbers if 0 <= token.idx - n.end < 10 and not n.article), None)
    people = people or (reader.of_number(number) if number else None)
    return reader.toll(token, "killed", people) if people else None


def _maimed(reader: Reader, token: Token) -> Toll | None:
    """ "lost his left foot", "had both legs blown off"."""
    words, verb = reader.lex.words, token.head
    lost = verb.lower_ in words.lose_lives and any(t.lower_ in words.possessives for t in token.lefts)
    blown = verb.lower_ in ("blown", "severed", "amputated", "torn") and token.dep_ in ("nsubj", "nsubjpass")
    if not (lost or blown) or is_negated(verb) or is_unreal(verb, words):
        return None
    people = _people(reader, subject_of(verb if lost else verb.head))
    return reader.toll(token, "injured", people) if people else None


def _coded(reader: Reader, token: Token) -> Toll | None:
    """ "driver 200", "two 300s": military slang for dead and wounded."""
    doc, slot = reader.doc, reader.lex.words.codes[token.lower_]
    after = doc[token.i + 1] if token.i + 1 < len(doc) else None
    if not token.i or (after is not None and not after.is_punct and after.lower_ not in ("and", "in")):
        return None
    before = doc[token.i - 1]
    number = next((n for n in reader.numbers if n.end in (before.idx + len(before), token.idx) and not n.article), None)
    if token.lower_.endswith("s") and number is not None:
        return reader.toll(token, slot, reader.of_number(number))
    human = before.lower_ in reader.lex.people.persons or before.lower_ in reader.lex.people.relatives
    return reader.toll(token, slot, People(1, 1, before.i, before.i, before.lower_)) if human else None


def _self(reader: Reader, token: Token) -> Toll | None:
    """ "shot himself", "blew himself up", "turned the gun on himself"."""
    verb = token.head if token.dep_ in ("dobj", "obj") else token.head.head
    words = reader.lex.words
    on_himself = token.dep_ == "pobj" and verb.lower_ in words.turn
    if not on_himself and not (token.dep_ in ("dobj", "obj") and verb.lower_ in words.suicide):
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
    deadly = bool(before & words.deadly) or token.lower_ in words.homicide
    if (many is None and not deadly) or is_unreal(token, words) or before & words.attempted:
        return None
    count = many or 1
    people = People(count, count if many else None, token.i, token.i, None, definite=True, numbered=bool(many))
    return reader.toll(token, "killed" if deadly else "injured", people, whole=not deadly)


def _suffered(reader: Reader, token: Token) -> Toll | None:
    """ "three men suffered gunshot wounds", "a woman was found with a gunshot wound"."""
    return _by_verb(reader, token, reader.lex.words.suffer, whole=token.lower_ in reader.lex.words.maybe_fatal)


def _carried(reader: Reader, token: Token) -> Toll | None:
    """ "were rushed to hospital", "14 persons are in hospital"."""
    if found := _by_verb(reader, token, reader.lex.words.carry, whole=True):
        return found
    placed = token.head.lower_ in ("in", "under") and token.head.head.lower_ in reader.lex.words.stay
    return _by_verb(reader, token, reader.lex.words.stay, whole=False) if placed else None


def _condition(reader: Reader, token: Token) -> Toll | None:
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
    people = _people(reader, left if left is not None else subject_of(verb))
    return reader.toll(token, "injured", people) if people else None


def _by_verb(reader: Reader, token: Token, verbs: frozenset[str], whole: bool) -> Toll | None:
    verb = next((a for a in token.ancestors if a.lower_ in verbs), None)
    if verb is None or is_negated(verb) or is_unreal(verb, reader.lex.words):
        return None
    people = _people(reader, subject_of(verb))
    return reader.toll(token, "injured", people, whole=whole and not people.more) if people else None


def _people(reader: Reader, head: Token | None) -> People | None:
    return people_of(head, reader.numbers, reader.lex) if head is not None else None


def subject_of(verb: Token) -> Token | None:
    """Subject of a verb, of the one it is joined to, or the noun that its clause belongs to."""
    found = next((t for t in verb.children if t.dep_ in SUBJECTS), None)
    if found is not None and not (found.tag_ in ("WP", "WDT") and verb.dep_ == "relcl"):
        return found
    if verb.dep_ in ("relcl", "acl"):
        return verb.head
    if found is None and verb.dep_ in ("conj", "advcl", "xcomp") and verb.head.pos_ in ("VERB", "AUX"):
        return next((t for t in verb.head.children if t.dep_ in SUBJECTS), None)
    return found
