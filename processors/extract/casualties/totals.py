"""Running totals: "the death toll rose from 8 to 12", "bringing the number of dead to nine"."""

from spacy.tokens import Token

from processors.extract.casualties.reader import Reader
from processors.extract.casualties.subjects import SUBJECTS
from processors.extract.casualties.toll import Slot, Toll
from processors.extract.numbers import Quantity

COUNTS = frozenset({"number", "figure", "count"})
REACH = 90  # characters behind "toll" in which its figure stands


def running(reader: Reader, token: Token) -> Toll | None:
    """ "the death toll rose from 8 to 12", "bringing the toll to 12", "toll: 12"."""
    doc, text = reader.doc, reader.sentence.read
    if token.lower_ == "balance" and not {t.lower_ for t in doc[token.i + 1 : token.i + 3]} & {
        ":",
        "goes",
        "rises",
        "rose",
    }:
        return None
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


def raised(reader: Reader, token: Token) -> Toll | None:
    """ "bringing the number of children killed to four", "put the casualty figure at nine", "the dead are three"."""
    doc, words = reader.doc, reader.lex.words
    around = {t.lower_ for t in doc[max(0, token.i - 3) : token.i + 5]}
    hurt = not around & words.counted and bool(around & words.injury) and token.lower_ not in words.injury
    if not around & words.counted and not hurt:
        return None
    slot: Slot = "injured" if hurt else "killed"
    if token.dep_ == "nsubj" and token.head.lemma_ == "be":
        number = next((n for n in reader.numbers if n.start > token.head.idx and not n.article), None)
        if number is None or not _right_behind(reader.sentence.read[token.head.idx + len(token.head) : number.start]):
            return None
        if (
            any(t.dep_ == "nummod" for t in token.lefts) or number.min != number.max
        ):  # "the four dead were between 22 and 37"
            return None
        return reader.toll(token, slot, reader.of_number(number), cumulative=True)
    verbs = [t for t in doc[max(0, token.i - 6) : token.i + 8] if t.lower_ in words.bring]
    verbs += [token.head] if token.dep_ in SUBJECTS and token.head.lower_ in words.bring else []
    behind = [n for n in reader.numbers if token.idx < n.start < token.idx + REACH and not n.article]
    number = next((n for n in behind if _word_before(reader.sentence.read, n) in ("to", "at")), None)
    if number and any(t.lower_ in words.total | COUNTS for t in doc[token.i + 1 :] if t.idx < number.start):
        return None  # that word tells it
    return reader.toll(token, slot, reader.of_number(number), cumulative=True) if verbs and number else None


def _right_behind(gap: str) -> bool:
    """ "is now six", "is thus six"."""
    return set(gap.lower().split()) <= {"now", "thus", "already", "therefore", "currently", "so", "far"}


def total(reader: Reader, token: Token) -> Toll | None:
    """ "two more died, bringing the total to nine", "… and the injured to 64"."""
    doc, text, words = reader.doc, reader.sentence.read, reader.lex.words
    end = token.idx + len(token)
    number = next((n for n in reader.numbers if n.start >= end and text[end : n.start].strip() in ("to", "at")), None)
    verb = next((t for t in reversed(doc[: token.i]) if t.lower_ in words.bring), None)
    slot = "injured" if token.lower_ in words.injury else _last_slot(reader, token)
    if number is None or verb is None or slot is None or token.nbor(-1).lower_ != "the":
        return None
    return reader.toll(token, slot, reader.of_number(number), cumulative=True)


def _last_slot(reader: Reader, token: Token) -> Slot | None:
    """What was told last before: dead or hurt."""
    slots = [c.slot for t in reader.doc[: token.i] for c in reader.lex.cues.get(t.lower_, ())]
    told = [s for s in slots if s in ("killed", "injured")]
    return told[-1] if told else None


def _word_before(text: str, number: Quantity) -> str:
    words = text[: number.start].lower().replace(":", " : ").split()
    return words[-1] if words else ""
