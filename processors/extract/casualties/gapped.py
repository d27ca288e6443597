"""Figures whose word for harm stands with another: "one died in Nikopol and two in Marhanets", "where three were"."""

from collections.abc import Sequence
from dataclasses import replace

from processors.extract.casualties.reader import Reader
from processors.extract.casualties.toll import Toll
from processors.extract.numbers import Quantity

PLACED = frozenset({"in", "at", "near", "on", "outside"})
BEFORE = frozenset({"and", ",", "while", "but", "where"})
WERE = frozenset({"was", "were"})
ENDS = frozenset({",", ".", ";", "!", ")"})


def gapped(reader: Reader, told: Sequence[Toll]) -> list[Toll]:
    """Further tolls of a sentence, each taking its slot from the toll told last before it."""
    found: list[Toll] = []
    for number in reader.numbers:
        if (before := _told_before(reader, number, told)) and _stands_alone(reader, number):
            first, _ = reader.tokens_of(number)
            word = next(t for t in reader.doc if reader.sentence.span(t) == before.verb)
            toll = reader.toll(word, before.slot, reader.of_number(number), whole=before.whole)
            found.append(replace(toll, more=True, group=before.group))
    return found


def _told_before(reader: Reader, number: Quantity, told: Sequence[Toll]) -> Toll | None:
    """A counted toll, not yet of this number, whose word for harm stands before it."""
    start = reader.sentence.start + number.start
    if any((t.count.start or 0) <= start < (t.count.end or 0) for t in told):
        return None
    before = [t for t in told if t.end <= start and t.count.min and not t.cumulative and t.slot in SLOTS]
    return before[-1] if before else None


def _stands_alone(reader: Reader, number: Quantity) -> bool:
    """ "and two in …", ", three were.": a number without a noun, in the same place of its clause."""
    if number.article or not number.min:
        return False
    first, last = reader.tokens_of(number)
    doc = reader.doc
    if not first or doc[first - 1].lower_ not in BEFORE or last + 2 >= len(doc):
        return False
    after, behind = doc[last + 1], doc[last + 2]
    if after.lower_ in WERE:
        return behind.text in ENDS
    return after.lower_ in PLACED and (behind.text[:1].isupper() or behind.lower_ in ("the", "another", "a", "its"))


SLOTS = frozenset({"killed", "injured"})
