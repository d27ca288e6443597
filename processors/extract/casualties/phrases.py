"""Fixed turns of phrase about harm: running totals, lives claimed and lost, nobody hurt, hospital and condition."""

from collections.abc import Sequence

from spacy.tokens import Doc, Token

from processors.extract.analysis import Sentence
from processors.extract.casualties.lexicon import Lexicon
from processors.extract.casualties.people import People, people_of
from processors.extract.casualties.toll import Slot, Toll
from processors.extract.numbers import Quantity
from processors.model import Count


def phrase_tolls(sentence: Sentence, doc: Doc, numbers: Sequence[Quantity], lex: Lexicon) -> list[Toll]:
    """The tolls that such phrases tell in a parsed sentence."""
    found: list[Toll | None] = []
    for token in doc:
        low = token.lower_
        if low in ("toll", "tally"):
            found.append(_running(sentence, doc, token, numbers, lex))
        elif low in ("life", "lives"):
            found.append(_lives(sentence, token, numbers, lex))
        elif low in lex.words.wounds and token.dep_ in ("dobj", "pobj", "conj", "compound"):
            found.append(_suffered(sentence, token, numbers, lex))
        elif low in lex.words.hospital and token.dep_ == "pobj":
            found.append(_carried(sentence, token, numbers, lex))
        elif low in lex.words.condition:
            found.append(_condition(sentence, token, numbers, lex))
        elif low in lex.words.reflexive and token.dep_ in ("dobj", "obj", "pobj"):
            found.append(_self(sentence, token, numbers, lex))
    found += _nobody(sentence, doc, numbers, lex)
    return [t for t in found if t]


def _toll(sentence: Sentence, token: Token, slot: Slot, people: People, cumulative: bool = False) -> Toll:
    doc = token.doc
    inner = sentence.cut(doc[people.first].idx, doc[people.last].idx + len(doc[people.last]))
    verb = sentence.span(token)
    count = Count(min=people.low, max=people.high, text=inner.text, start=inner.start, end=inner.end)
    return Toll(
        slot=slot, count=count, start=min(inner.start, verb.start), end=max(inner.end, verb.end), verb=verb, whom=people.head,
        group=people.group, cumulative=cumulative, more=people.more, definite=people.definite, names=people.names, side=people.side,
    )  # fmt: skip


def _of_number(doc: Doc, number: Quantity) -> People:
    first = next(t.i for t in doc if t.idx + len(t) > number.start)
    last = max((t.i for t in doc if t.idx < number.end), default=first)
    return People(number.min, number.max, first, last, more=False, numbered=True)


def _running(sentence: Sentence, doc: Doc, token: Token, numbers: Sequence[Quantity], lex: Lexicon) -> Toll | None:
    """ "the death toll rose from 8 to 12", "bringing the toll to 12", "toll: 12"."""
    slot: Slot = "injured" if token.i and doc[token.i - 1].lower_ in ("injury", "injuries") else "killed"
    stop = next((t.idx for t in doc[token.i + 1 :] if t.lower_ in (";",)), len(doc.text))
    behind = [n for n in numbers if token.idx < n.start < min(stop, token.idx + 90) and not n.article]
    direct = [n for n in behind if _word_before(doc, n).lower() in lex.words.toll_to]
    chosen = next((n for n in direct if _word_before(doc, n).lower() == "to"), direct[0] if direct else None)
    if chosen is None:
        near = [n for n in numbers if 0 < token.idx - n.end < 12 and not n.article]
        chosen = near[0] if near else None
    return _toll(sentence, token, slot, _of_number(doc, chosen), cumulative=True) if chosen else None


def _word_before(doc: Doc, number: Quantity) -> str:
    words = doc.text[: number.start].split()
    return words[-1].rstrip(",") if words else ""


def _lives(sentence: Sentence, token: Token, numbers: Sequence[Quantity], lex: Lexicon) -> Toll | None:
    verb = token.head
    if verb.lower_ in lex.words.lose_lives and any(t.lower_ in ("their", "his", "her") for t in token.lefts):
        subject = next((t for t in verb.children if t.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is None and verb.dep_ == "relcl":
            subject = verb.head
        subject = verb.head if subject is not None and subject.tag_ == "WP" and verb.dep_ == "relcl" else subject
        people = people_of(subject, numbers, lex.people) if subject is not None else None
        return _toll(sentence, token, "killed", people) if people else None
    if verb.lower_ not in lex.words.take_lives:
        return None
    if any(t.lower_ in lex.words.own for t in token.lefts):
        return _own_life(sentence, token, numbers, lex)
    of = next((o for p in token.rights if p.lower_ == "of" for o in p.children if o.dep_ == "pobj"), None)
    people = people_of(of, numbers, lex.people) if of is not None else None
    if people is None and (number := next((n for n in numbers if 0 <= token.idx - n.end < 10 and not n.article), None)):
        people = _of_number(token.doc, number)
    return _toll(sentence, token, "killed", people) if people else None


def _own_life(sentence: Sentence, token: Token, numbers: Sequence[Quantity], lex: Lexicon) -> Toll | None:
    subject = next((t for t in token.head.children if t.dep_ == "nsubj"), None)
    first = subject.i if subject is not None else token.i
    people = People(1, 1, first, first, None, "attackers", definite=True)
    return _toll(sentence, token, "attackers_killed", people)


def _self(sentence: Sentence, token: Token, numbers: Sequence[Quantity], lex: Lexicon) -> Toll | None:
    """ "shot himself", "blew himself up", "turned the gun on himself"."""
    verb = token.head if token.dep_ != "pobj" else token.head.head
    low = verb.lower_
    turned = token.dep_ == "pobj" and low in ("turned", "turning", "turn", "used")
    if not turned and low not in (
        "killed",
        "killing",
        "kill",
        "shot",
        "shooting",
        "hanged",
        "blew",
        "blowing",
        "detonated",
        "exploded",
    ):
        return None
    if any(t.lower_ in ("could", "would", "to", "threatened", "not") for t in verb.lefts):
        return None
    people = People(1, 1, token.i, token.i, None, "attackers", definite=True)
    return _toll(sentence, verb, "attackers_killed", people)


def _suffered(sentence: Sentence, token: Token, numbers: Sequence[Quantity], lex: Lexicon) -> Toll | None:
    """ "three men suffered gunshot wounds", "a woman was treated for injuries"."""
    verb = next((a for a in token.ancestors if a.lower_ in lex.words.suffer), None)
    return _about_subject(sentence, verb, token, numbers, lex) if verb is not None else None


def _carried(sentence: Sentence, token: Token, numbers: Sequence[Quantity], lex: Lexicon) -> Toll | None:
    """ "were rushed to hospital"."""
    verb = next((a for a in token.ancestors if a.lower_ in lex.words.carry), None)
    return _about_subject(sentence, verb, token, numbers, lex) if verb is not None else None


def _condition(sentence: Sentence, token: Token, numbers: Sequence[Quantity], lex: Lexicon) -> Toll | None:
    """ "two remain in critical condition"."""
    if not any(t.lower_ in lex.words.conditions for t in token.lefts):
        return None
    verb = next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)
    return _about_subject(sentence, verb, token, numbers, lex) if verb is not None else None


def _about_subject(
    sentence: Sentence, verb: Token, token: Token, numbers: Sequence[Quantity], lex: Lexicon
) -> Toll | None:
    subject = next((t for t in verb.children if t.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is None and verb.dep_ == "conj":
        subject = next((t for t in verb.head.children if t.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is None or any(t.dep_ == "neg" for t in verb.children):
        return None
    subject = verb.head if subject.tag_ in ("WP", "WDT") and verb.dep_ == "relcl" else subject
    people = people_of(subject, numbers, lex.people)
    return _toll(sentence, token, "injured", people) if people else None


def _nobody(sentence: Sentence, doc: Doc, numbers: Sequence[Quantity], lex: Lexicon) -> list[Toll]:
    """ "no casualties", "no one was hurt", "without injuries": nobody, for each slot that the words cover."""
    found: list[Toll] = []
    for token in doc:
        slots = ZERO.get(token.lower_)
        if slots is None:
            continue
        window = doc[max(0, token.i - 6) : token.i]
        zero = next((t for t in reversed(window) if t.lower_ in NOBODY), None)
        if (
            zero is None
            or any(t.text in ".;:" for t in doc[zero.i : token.i])
            or _counts_between(doc, zero, token, numbers)
        ):
            continue
        people = People(0, 0, zero.i, token.i if token.pos_ == "NOUN" else zero.i, None, numbered=True)
        found += [_toll(sentence, token, slot, people) for slot in slots]
    return found


def _counts_between(doc: Doc, zero: Token, token: Token, numbers: Sequence[Quantity]) -> bool:
    return any(zero.idx + len(zero) < n.start < token.idx and n.min for n in numbers if not n.article)


NOBODY = frozenset({"no", "nobody", "noone", "without", "none", "any"})
BOTH: tuple[Slot, ...] = ("killed", "injured")
ZERO: dict[str, tuple[Slot, ...]] = {
    "casualties": BOTH, "casualty": BOTH, "injuries": BOTH, "injured": BOTH, "hurt": BOTH, "harmed": BOTH, "wounded": BOTH,
    "victims": BOTH, "deaths": ("killed",), "fatalities": ("killed",), "killed": ("killed",), "died": ("killed",), "injury": BOTH,
}  # fmt: skip
