"""The tolls of a sentence: words for harm, whom they are about, how many that are."""

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Token

from processors.extract.analysis import Analysis, Sentence
from processors.extract.casualties.beside import behind, beside, immediate
from processors.extract.casualties.counting import OUT_OF
from processors.extract.casualties.gapped import gapped
from processors.extract.casualties.lexicon import Cue, Lexicon, lexicon
from processors.extract.casualties.misleading import misleads
from processors.extract.casualties.nobody import nobody
from processors.extract.casualties.people import People, people_of, together
from processors.extract.casualties.phrases import phrase_tolls
from processors.extract.casualties.reader import Reader
from processors.extract.casualties.reality import is_denied, is_negated, is_unreal
from processors.extract.casualties.toll import Slot, Toll
from processors.extract.casualties.victims import OBJECTS, SUBJECTS, victims_of
from processors.extract.numbers import Quantity, find_numbers


def find_tolls(analysis: Analysis, sentence: Sentence) -> list[Toll]:
    """What a sentence says of people killed, hurt, missing, detained, abducted or released. Parses it if need be."""
    lex = lexicon()
    if not lex.any_cue.search(sentence.read.lower()):
        return []
    analysis.parse([sentence])
    reader = Reader(sentence, sentence.tokens, _settled(sentence.read, lex), lex)
    found = [toll for token in reader.doc if (toll := _first_toll(reader, token))]
    told = [*found, *phrase_tolls(reader), *gapped(reader, found), *nobody(reader)]
    return _distinct([each for toll in told for each in (toll, *toll.apart)])


def _settled(text: str, lex: Lexicon) -> list[Quantity]:
    """The sentence's numbers; where a toll "rose from seven to nine" the second one only: that is no range."""
    numbers = [n for n in find_numbers(text) if text[n.start : n.end] != "000"]  # "26 , 000", torn apart
    numbers = [n for n in numbers if n.article or not COMPOUND.match(text, n.end)]
    numbers += [n for m in AS_MANY.finditer(text) if (n := _same_number(m, numbers))]
    numbers.sort(key=lambda n: n.start)
    if not lex.words.bring & set(text.lower().split()):
        return numbers
    return [
        replace(n, min=n.max) if n.max is not None and text[: n.start].lower().endswith("from ") else n for n in numbers
    ]


# "a three-member panel" counts no people, "a five-member family" does
COMPOUND = re.compile(r"[-‑](?!members? (?:family|household))[a-z]{2,}\b")
AS_MANY = re.compile(r"\b(?:as many(?! as)|an equal number)\b", re.IGNORECASE)


def _same_number(match: re.Match[str], numbers: Sequence[Quantity]) -> Quantity | None:
    """ "two killed and as many injured": the number told before."""
    before = [n for n in numbers if n.end <= match.start() and not n.article]
    return replace(before[-1], start=match.start(), end=match.end(), text=match[0]) if before else None


def _first_toll(reader: Reader, token: Token) -> Toll | None:
    for cue in reader.lex.cues.get(token.lower_, ()):
        if told := _told(reader, token, cue):
            return _toll(reader, token, cue, *told)
    return None


def _told(reader: Reader, token: Token, cue: Cue) -> tuple[Slot, People, bool] | None:
    """What a word for harm says became of whom; whether the figure may hold the dead too."""
    words = reader.lex.words
    if misleads(reader, token, cue) or is_unreal(token, words) or is_denied(token, words):
        return None
    slot, whole = _fate(reader, token, cue)
    if cue.fatal and slot != "killed":
        return None
    people = _people(reader, token, cue)
    if people is not None and people.definite and cue.bare and cue.sort == "act":  # "buried the two men": told before
        return None
    if people is None or (is_negated(token) and people.low != 0) or (cue.weak and people.names and not people.person):
        return None
    return slot, people, whole


def _toll(reader: Reader, token: Token, cue: Cue, slot: Slot, people: People, whole: bool) -> Toll:
    people = _accompanied(reader, token, people)
    if cue.sort == "state" and (nth := _nth(reader, token)):
        told = replace(people, low=nth, high=nth, last=max(people.last, token.i))
        return reader.toll(token, slot, told, cumulative=True)
    if slot == "killed" and people.ordinal:
        return reader.toll(token, slot, replace(people, low=people.ordinal, high=people.ordinal), cumulative=True)
    toll = reader.toll(token, slot, people, whole=whole and not people.more)
    return replace(toll, tended=token.lower_ in reader.lex.words.carry)


def _fate(reader: Reader, token: Token, cue: Cue) -> tuple[Slot, bool]:
    """ "shot dead", "fatally stabbed", "beaten to death" kill."""
    words = reader.lex.words
    if cue.sort == "act" and token.lower_ in words.blows:
        around = [t.lower_ for t in reader.doc[max(0, token.i - 1) : token.i + 4]]
        beside_it = around[: 3 if token.i else 2]
        if set(beside_it) & words.fatal or ("to" in around and "death" in around) or _to_death(token):
            return "killed", False
    if cue.whole and any(t.lemma_.lower() in words.funerals for t in token.doc[: token.i]):
        return "killed", False
    return cue.slot, cue.whole


def _to_death(verb: Token) -> bool:
    """ "hacked eight villagers to death"."""
    return any(o.lower_ == "death" for p in verb.children if p.lower_ == "to" for o in p.children)


def _nth(reader: Reader, token: Token) -> int | None:
    """ "a sixth dead": the count that it makes."""
    before = [t.lower_ for t in reader.doc[max(0, token.i - 2) : token.i]]
    return reader.lex.words.ordinals.get(before[1]) if len(before) == 2 and before[0] in ("a", "an") else None


def _nth_death(reader: Reader, token: Token) -> People | None:
    """ "a third death", "fifth death from the blast"; not the third in a week."""
    nth = next((t for t in token.lefts if t.lower_ in reader.lex.words.ordinals), None)
    behind = {t.lower_ for t in reader.doc[token.i + 1 : token.i + 6]}
    if nth is None or token.tag_ != "NN" or behind & PERIODS:
        return None
    count = reader.lex.words.ordinals[nth.lower_]
    return People(count, count, nth.i, token.i, None, numbered=True, ordinal=count)


PERIODS = frozenset({"day", "days", "week", "weeks", "month", "months", "year", "years", "row"})


def _people(reader: Reader, token: Token, cue: Cue) -> People | None:
    """By the parse; where it shows nobody or no number, by what stands beside the word."""
    if cue.sort != "noun" and cue.sort != "undergo" and (people := immediate(reader, token)):
        return people
    if cue.of and (found := _his_body(reader, token)):
        return found
    if cue.sort == "noun" and not cue.of and (nth := _nth_death(reader, token)):
        return nth
    head = victims_of(token, cue, reader.lex.people)
    if head is None and cue.sort == "undergo":
        head = next((t for t in reader.doc[: token.i] if t.dep_ == "nsubj"), None)
    people = people_of(head, _own_numbers(reader, token, head), reader.lex) if head is not None else None
    if cue.objects:
        return people if head is not None and head.dep_ in OBJECTS else None
    if people is not None and (people.low is not None or people.definite):
        return people
    if head is not None and people is None and head.lemma_.lower() in reader.lex.people.things:
        return None
    return (behind(reader, token) if cue.sort == "noun" else beside(reader, token, cue)) or people


def _own_numbers(reader: Reader, token: Token, head: Token) -> Sequence[Quantity]:
    """ "one of the nine persons injured": nine were, where one of them died."""
    mourned = any(t.lemma_.lower() in reader.lex.words.funerals for t in token.doc[: head.i])
    if mourned or token.head.i != head.i or token.dep_ not in ("acl", "amod", "relcl"):
        return reader.numbers
    text, start = reader.sentence.read, min(t.idx for t in (head, *head.lefts))
    return [n for n in reader.numbers if not OUT_OF.fullmatch(text[n.end : start])]


def _his_body(reader: Reader, token: Token) -> People | None:
    """ "her body was found": one person, told before."""
    owner = next((t for t in token.lefts if t.dep_ == "poss"), None)
    if owner is None or token.tag_ != "NN" or token.head.lower_ not in reader.lex.words.recover:
        return None
    return People(1, 1, owner.left_edge.i, token.i, None, definite=True)


def _accompanied(reader: Reader, token: Token, people: People) -> People:
    """ "was killed along with two bodyguards"."""
    if not any(t.dep_ in SUBJECTS for t in token.children):  # "found a man shot, along with two who were stabbed"
        return people
    near = [p for c in token.children for p in (c, *c.children)]  # "along" may hold "with"
    with_them = [p for p in near if p.lower_ == "alongside" or (p.lower_ == "with" and p.i > 1)]
    heads = [
        o
        for p in with_them
        if p.lower_ == "alongside" or p.nbor(-1).lower_ in ("along", "together")
        for o in p.children
        if o.dep_ == "pobj"
    ]
    others = [p for o in heads if (p := people_of(o, reader.numbers, reader.lex)) and p.low and p.first > people.last]
    return together([people, *others]) if others and people.low else people


def _distinct(tolls: Sequence[Toll]) -> list[Toll]:
    """One toll a stretch of people and slot, the certain ones first; people hurt and killed are people killed."""
    kept: list[Toll] = []
    for toll in sorted(tolls, key=lambda t: (t.whole, t.slot == "injured", t.start)):
        same = [k for k in kept if _overlap(k, toll)]
        if not any(k.slot == toll.slot or (k.slot == "killed" and (toll.whole or _same(k, toll))) for k in same):
            kept.append(toll)
    return sorted(kept, key=lambda t: t.start)


def _same(dead: Toll, hurt: Toll) -> bool:
    """ "A boy wounded on Friday died": the very same words tell both."""
    return (dead.count.start, dead.count.end) == (hurt.count.start, hurt.count.end) and bool(dead.count.min)


def _overlap(one: Toll, other: Toll) -> bool:
    a, b = one.count, other.count
    return (
        None not in (a.start, a.end, b.start, b.end) and (a.start or 0) < (b.end or 0) and (b.start or 0) < (a.end or 0)
    )
