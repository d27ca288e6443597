"""Which number counts a noun."""

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from processors.extract.casualties.lexicon import Lexicon
from processors.extract.numbers import Quantity

PRENOMINAL = frozenset({"det", "nummod", "amod", "compound", "poss", "nmod", "quantmod", "advmod", "neg"})
OUT_OF = re.compile(r" of (?:the |those |these |his |her |their |its )?", re.IGNORECASE)


def start_of(head: Token) -> int:
    """First token of a noun's phrase."""
    kept: list[int] = [t.i for t in head.lefts if t.dep_ in PRENOMINAL]
    return min(kept, default=head.i)


def number_token(doc: Doc, number: Quantity) -> Token:
    """The first token of a number."""
    return next((t for t in doc if t.idx + len(t) > number.start), doc[len(doc) - 1])


def number_of(head: Token, numbers: Sequence[Quantity]) -> Quantity | None:
    """The number that counts this noun: it is one, or stands before it within its phrase."""
    left, right = head.doc[start_of(head)].idx, head.idx + len(head)
    inside = [n for n in numbers if left <= n.end - 1 and n.start < right and n.end <= right + 1]
    near = [n for n in inside if not _inside_age(head.doc, n)]
    counted = [n for n in near if not n.article]
    if counted:
        return part_of(head.doc.text, counted[0], numbers) or counted[0]
    return near[0] if near else None


def of_so_many(head: Token, numbers: Sequence[Quantity], lex: Lexicon) -> Quantity | None:
    """The number of "a family of five"."""
    if head.lower_ not in lex.people.groups:
        return None
    of = next((t for t in head.rights if t.lower_ == "of"), None)
    behind = [
        n for n in numbers if of is not None and of.idx < n.start and not head.doc.text[of.idx + 2 : n.start].strip()
    ]
    return behind[0] if behind else None


def part_of(text: str, whole: Quantity, numbers: Sequence[Quantity]) -> Quantity | None:
    """The "one" of "one of three victims"."""
    before = [n for n in numbers if n.end <= whole.start and not n.article]
    return before[-1] if before and OUT_OF.fullmatch(text[before[-1].end : whole.start]) else None


def _inside_age(doc: Doc, number: Quantity) -> bool:
    return bool(doc.text[number.end : number.end + 9].lower() == "-year-old")
