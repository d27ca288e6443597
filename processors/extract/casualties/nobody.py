"""Nobody hurt: "no casualties", "no one was injured", "without injuries"."""

from spacy.tokens import Span, Token

from processors.extract.casualties.people import People
from processors.extract.casualties.reader import Reader
from processors.extract.casualties.reality import is_denied
from processors.extract.casualties.toll import Slot, Toll

REACH = 8  # tokens between "no" and what there was none of
STOPS = frozenset(".;:")
NOBODY = frozenset({"nobody", "none", "noone", "no-one"})


def nobody(reader: Reader) -> list[Toll]:
    """A toll of 0 for each slot that the words cover: nobody hurt is nobody killed either."""
    found: list[Toll] = [toll for token in reader.doc for toll in _all_safe(reader, token)]
    for token in reader.doc:
        slots = _slots(reader, token)
        zero = (_zero(reader, token) if slots else None) or _harmed_nobody(reader, token)
        if zero is not None and not is_denied(token, reader.lex.words):
            last = token.i if token.pos_ == "NOUN" else zero.i
            people = People(0, 0, min(zero.i, last), max(zero.i, last), None, numbered=True)
            found += [reader.toll(token, slot, people) for slot in slots or _slots_of_deed(reader, token)]
    return found


def _harmed_nobody(reader: Reader, token: Token) -> Token | None:
    """ "injuring nobody", "killed no one": the word that says "none" as the object of the deed."""
    harmed = next((t for t in token.children if t.dep_ in ("dobj", "obj")), None) if token.pos_ == "VERB" else None
    if harmed is None or not _slots_of_deed(reader, token):
        return None
    if harmed.lower_ in NOBODY:
        return harmed
    return next((t for t in harmed.lefts if t.lower_ == "no"), None) if harmed.lower_ == "one" else None


def _slots_of_deed(reader: Reader, token: Token) -> tuple[Slot, ...]:
    slots = {cue.slot for cue in reader.lex.cues.get(token.lower_, ()) if cue.sort == "act"}
    if "injured" in slots:
        return "killed", "injured"
    return ("killed",) if "killed" in slots else ()


def _all_safe(reader: Reader, token: Token) -> list[Toll]:
    """ "all 22 crew are safe"."""
    words, verb = reader.lex.words, token.head
    after_be = token.dep_ in ("acomp", "attr") and verb.lemma_ == "be"
    if token.lower_ not in words.unhurt or not (after_be or token.dep_ == "oprd"):  # "were evacuated unharmed"
        return []
    subject = next((t for t in verb.children if t.dep_ in ("nsubj", "nsubjpass")), None)
    if subject is None or not any(t.lower_ in words.everybody for t in (subject, *subject.lefts)):
        return []
    people = People(0, 0, subject.left_edge.i, token.i, None, numbered=True)
    return [reader.toll(token, slot, people) for slot in ("killed", "injured")]


def _slots(reader: Reader, token: Token) -> tuple[Slot, ...]:
    low = token.lower_
    if low in reader.lex.words.none_hurt:
        return "killed", "injured"
    return ("killed",) if low in reader.lex.words.none_killed else ()


def _zero(reader: Reader, token: Token) -> Token | None:
    """The word that says "none", with nothing between it and `token` that ends its reach."""
    if listed := _listed(reader, token):
        return listed
    window = reader.doc[max(0, token.i - REACH) : token.i]
    window = window if any(t.lower_ in reader.lex.words.none for t in window) else _neither(reader, token)
    zero = next((t for t in reversed(window) if t.lower_ in reader.lex.words.none), None)
    if zero is None or any(t.text in STOPS for t in reader.doc[zero.i : token.i]):
        return None
    if any(t.lower_ in reader.lex.words.unknown for t in reader.doc[zero.i : token.i]):  # "no word on casualties"
        return None
    between = (zero.idx + len(zero), token.idx)
    counted = any(between[0] < n.start < between[1] and n.min and not n.article for n in reader.numbers)
    return None if counted or _of_some(reader, zero, token) else zero


def _listed(reader: Reader, token: Token) -> Token | None:
    """ "Casualties: none"."""
    after = reader.doc[token.i + 1 : token.i + 3]
    marked = len(after) == 2 and after[0].text in (":", "-", "–", "—")
    return after[1] if marked and after[1].lower_ in ("none", "nil", "no", "zero", "0") else None


def _neither(reader: Reader, token: Token) -> Span:
    """ "neither the driver nor his passenger was hurt"."""
    before = [t for t in reader.doc[max(0, token.i - 2 * REACH) : token.i] if t.lower_ == "neither"]
    return reader.doc[before[-1].i if before else token.i : token.i]


def _of_some(reader: Reader, zero: Token, token: Token) -> bool:
    """ "no civilians were hurt", "no casualties to our forces": says nothing of the others."""
    behind = [t.lower_ for t in reader.doc[token.i + 1 : token.i + 6]]
    sided = behind[:1] in (["to"], ["on"], ["among"], ["in"]) and set(behind) & reader.lex.words.own_side
    return bool(sided) or any(t.lemma_.lower() == "civilian" for t in reader.doc[zero.i : token.i])
