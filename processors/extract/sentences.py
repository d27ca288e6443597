"""Where are the sentences, and in which case are they to be read?

Rules only: a paragraph is a stretch between line breaks (hard-wrapped lines are joined), a sentence ends at . ! ? …
unless that belongs to an abbreviation or an initial; bullets, list numbers and emoji before a point begin a new one.
"""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from processors.extract.analysis import Sentence
from processors.extract.case import restore
from processors.lexicon.load import load
from processors.model import Document

EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u203c\u2049"
END = re.compile(
    rf"[.!?…][.!?…]*[\"'”’»)\]]*(?=[{EMOJI}]*\s)|(?<=[a-z]{{3}})[.!?][\"”]?(?=[A-Z][a-z])|[;:](?=\s+[-•]\s)"
)
NEXT = re.compile(rf"[\s{EMOJI}]*[\"'“‘«(\[—–-]*\s*(\w+)?")
POINT = re.compile(
    rf"\s+(?=[•▪◾◼●■►▶·*]\s|(?:1|(?<![:–—-]\s)\d{{1,2}})[.)]\s+[A-Z]|[—–-]\s+[A-Z][\w'’]+(?:\s[\w'’]+){{0,3}}:\s|[{EMOJI}]+\s*[A-Z0-9#])"
)
LAST_WORD = re.compile(r"((?:[^\W\d_]\.)*[^\W_]+)$")
LIST_NUMBER = re.compile(r"(?:^|[\n.!?;:]\s?)\s?\d{1,2}$")
WRAPPED = 55  # characters; lines of at least so many that end without a stop are one paragraph cut by a line width


class Abbreviations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`never` end a sentence (titles), `seldom` do so only before one of `starters`."""

    never: frozenset[str]
    seldom: frozenset[str]
    starters: frozenset[str]


def split(document: Document) -> list[Sentence]:
    """The document's sentences in order, title and body apart. Paragraphs count from 0, the title being one."""
    text, out = document.text, list[Sentence]()
    for number, (start, end) in enumerate(_paragraphs(text, document.title_end)):
        for first, last in _sentences(text, start, end):
            piece = text[first:last]
            kind = "title" if first < document.title_end else "body"
            read = restore(piece.replace("\n", " "))
            out.append(Sentence(len(out), first, last, piece, kind, number, read))  # type: ignore[arg-type]
    return out


def _paragraphs(text: str, title_end: int) -> Iterator[tuple[int, int]]:
    if title_end:
        yield 0, title_end
    start = title_end
    for match in re.finditer(r"\n+", text[title_end:]):
        at, after = title_end + match.start(), title_end + match.end()
        if match.end() - match.start() == 1 and _wrapped(text, start, at, after):
            continue
        if text[start:at].strip():
            yield start, at
        start = after
    if text[start:].strip():
        yield start, len(text)


def _wrapped(text: str, start: int, at: int, after: int) -> bool:
    line = text[text.rfind("\n", start, at) + 1 : at]
    follows = text[after : after + 1]
    return bool(follows) and not re.search(r"[.!?:…]\W*$", line) and (follows.islower() or len(line) >= WRAPPED)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    cuts = sorted(
        {m.end() for m in END.finditer(text, start, end) if _ends(text, m, end)}
        | {m.end() for m in POINT.finditer(text, start, end)}
    )
    for first, last in zip([start, *cuts], [*cuts, end], strict=True):
        piece = text[first:last]
        lead, trail = len(piece) - len(piece.lstrip()), len(piece) - len(piece.rstrip())
        if lead < len(piece):
            yield first + lead, last - trail


def _ends(text: str, stop: re.Match[str], end: int) -> bool:
    """Whether a sentence ends at this stop."""
    word = LAST_WORD.search(text, max(0, stop.start() - 24), stop.start())
    after = NEXT.match(text, stop.end(), end)
    follows = (after[1] or "") if after else ""
    if follows[:1].islower():
        return False
    if stop[0][0] != "." or not word:
        return True
    if LIST_NUMBER.search(text[max(0, stop.start() - 6) : stop.start()]):
        return False
    return not _abbreviates(word[1], follows)


def _abbreviates(word: str, follows: str) -> bool:
    known, lower = _abbreviations(), word.lower()
    if len(stripped := word.replace(".", "")) == 1 and stripped.isupper() and "." not in word:
        return follows.lower() not in known.starters
    if lower in known.never:
        return True
    return (lower in known.seldom or "." in word) and follows.lower() not in known.starters


@cache
def _abbreviations() -> Abbreviations:
    return load("abbreviations", Abbreviations)
