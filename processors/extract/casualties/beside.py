"""A number right beside a word for harm, for clipped text and failed parses: "7 wounded", "killed: 3"."""

from spacy.tokens import Token

from processors.extract.casualties.counting import part_of
from processors.extract.casualties.lexicon import Cue, Lexicon
from processors.extract.casualties.people import People
from processors.extract.casualties.reader import Reader
from processors.extract.numbers import Quantity

NEAR = 40  # characters between the number and the word
WORDS = 5
BEHIND = frozenset({"", ":", "-", "–", "—", "already", "now", "so far"})


def immediate(reader: Reader, token: Token) -> People | None:
    """The number right before the word, as in "2 dead 1 wounded": clearer than any parse."""
    for number in reader.numbers:
        if not number.article and number.end < token.idx and not reader.sentence.read[number.end : token.idx].strip():
            return reader.of_number(number)
    return None


def beside(reader: Reader, token: Token, cue: Cue) -> People | None:
    """The people that the nearest number counts; None where none stands beside the word."""
    return _before(reader, token) or (_after(reader, token) if cue.sort in ("act", "state") else None)


def behind(reader: Reader, token: Token) -> People | None:
    """ "Injuries: 5"."""
    marked = token.i + 1 < len(reader.doc) and reader.doc[token.i + 1].text in (":", "-", "–", "—")
    return _after(reader, token) if marked else None


def _before(reader: Reader, token: Token) -> People | None:
    text = reader.sentence.read
    for number in reversed(reader.numbers):
        gap = text[number.end : token.idx]
        if 0 <= token.idx - number.end <= NEAR and not number.article and _is_plain(gap, reader.lex):
            return _people(reader, part_of(text, number, reader.numbers) or number, token)
    return None


def _after(reader: Reader, token: Token) -> People | None:
    text, end = reader.sentence.read, token.idx + len(token)
    for number in reader.numbers:
        if number.start >= end and not number.article and text[end : number.start].strip().lower() in BEHIND:
            return _people(reader, number, token)
    return None


def _people(reader: Reader, number: Quantity, token: Token) -> People | None:
    first, last = reader.tokens_of(number)
    doc, things = reader.doc, reader.lex.people.things
    noun = next(
        (t for t in doc[last + 1 : max(token.i, last + 2)] if t.pos_ in ("NOUN", "PROPN") and t.i != token.i), None
    )
    if noun is not None and number.max == 0 and noun.lemma_.lower() == "civilian":  # says nothing of others
        return None
    if noun is not None and (noun.lemma_.lower() in things or noun.lower_ in things):
        return None
    return reader.of_number(number, noun.lower_ if noun is not None and noun.i < token.i else None)


def _is_plain(gap: str, lex: Lexicon) -> bool:
    """Between number and word stand at most a noun and helping words."""
    words = gap.lower().split()
    if len(words) > WORDS or any(c in gap for c in ",;.:!?()\n"):
        return False
    persons, plain = lex.people.persons, lex.words.between
    return all(w in persons or w.removesuffix("s") in persons or w in plain for w in words)
