"""What is said of the cause of a blast, fire or crash: named by somebody, or said to be open."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from processors.extract.analysis import Sentence
from processors.extract.claim_slots import Value
from processors.extract.triggers import lower
from processors.lexicon.load import load
from processors.model import EventType

OF = frozenset({EventType.EXPLOSION, EventType.ACCIDENT, EventType.ARSON})  # events whose cause may be in dispute
UNKNOWN = "not established"


class Open(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]


class CauseWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """causes.toml."""

    leads: tuple[str, ...]
    causes: dict[str, tuple[str, ...]]
    open: Open


def find_causes(sentences: Sequence[Sentence]) -> Iterator[Value]:
    """Values of the slot `cause`, with the words that say them (offsets into the document's text)."""
    for sentence in sentences:
        text = lower(sentence.text)
        for value, pattern in _patterns():
            for match in pattern.finditer(text):
                start, end = match.span("said")
                yield Value(slot="cause", value=value, start=sentence.start + start, end=sentence.start + end)


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    words = load("causes", CauseWords)
    leads = "|".join(words.leads)
    table = [
        (value.replace("_", " "), rf"\b(?:{leads})(?P<said>{'|'.join(names)})\b")
        for value, names in words.causes.items()
    ]
    table.append((UNKNOWN, rf"\b(?P<said>{'|'.join(words.open.words)})\b"))
    return [(value, re.compile(pattern)) for value, pattern in table]
