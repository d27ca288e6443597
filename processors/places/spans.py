"""Which stretches of a document may be place names? Every one that could be; `recognise` decides.

Candidates are the parser's entities of any label (its labels are not to be trusted: it takes Bakhmut for an organisation) and
every longest run of words, begun with a capital, that the gazetteer knows.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from processors.extract.analysis import Analysis, Sentence
from processors.places import lexicon
from processors.places.index import Gazetteer
from processors.places.keys import key
from processors.places.names import How, Match, Names

NUMERIC = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY"})
_POSSESSIVE = re.compile(r"['’]s?$")
_OWNED = re.compile(r"\w['’]s \w")  # "Kyiv's Obolon" are two names
FLAG = re.compile(r"[\U0001F1E6-\U0001F1FF]{2}\s*#?")  # a country's flag: two letters of its code
VILLAGE = frozenset({"village", "hamlet"})
_THE = re.compile(r"(?i)the\s+")
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINTS = frozenset("-–.")  # what may stand between two words of one name


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    text: str


@dataclass(slots=True, eq=False)
class Span:
    """A stretch that may be a place name. `first` and `last` are numbers of its words in the line."""

    start: int
    end: int
    text: str
    first: int
    last: int
    label: str  # of the parser's entity of this very extent; "" without one
    match: Match | None


@dataclass(slots=True, eq=False)
class Line:
    """A sentence as the recogniser reads it. `entities` hold offsets in the document; None where it was not parsed."""

    sentence: Sentence
    text: str  # in restored case
    start: int
    words: list[Word]
    entities: list[tuple[int, int, str]] | None
    spans: list[Span] = field(default_factory=list)
    syntax: dict[int, tuple[str, str]] = field(default_factory=dict)  # end of a span → its last token's dependency, tag


def lines_of(analysis: Analysis, names: Names) -> list[Line]:
    """Every sentence with its candidates."""
    return [read_line(sentence, names) for sentence in analysis.sentences]


def read_line(sentence: Sentence, names: Names) -> Line:
    """A sentence's words, entities and candidates."""
    start, text = sentence.start, sentence.read
    words = [Word(start + m.start(), start + m.end(), m[0]) for m in _tokens().finditer(text)]
    line = Line(sentence, text, start, words, _entities(sentence))
    line.spans = _candidates(line, names)
    line.syntax = dict(_syntax(sentence, (span.end for span in line.spans)))
    return line


def _entities(sentence: Sentence) -> list[tuple[int, int, str]] | None:
    if sentence.doc is None:
        return None
    at = sentence.start
    return [(at + e.start_char, at + e.end_char, e.label_) for e in sentence.doc.ents if e.label_ not in NUMERIC]


def _syntax(sentence: Sentence, ends: Iterable[int]) -> Iterator[tuple[int, tuple[str, str]]]:
    for end in ends:
        token = sentence.token_before(end - sentence.start) if sentence.doc is not None else None
        if token is not None and sentence.start + token.idx + len(token) == end:
            yield end, (token.dep_, token.tag_)


def _candidates(line: Line, names: Names) -> list[Span]:
    found: dict[tuple[int, int], Span] = {}
    starts = {word.start: number for number, word in enumerate(line.words)}
    ends = {word.end: number for number, word in enumerate(line.words)}
    for start, end, label in line.entities or ():
        start, end = _trimmed(line, start, end)
        if start in starts and end > start and not _OWNED.search(line.text[start - line.start : end - line.start]):
            last = ends.get(end, _word_at(line, end))
            found[start, end] = _span(line, start, end, starts[start], last, label, names)
    villages = list(_villages(line))
    for first, last in villages:
        start, end = line.words[first].start, line.words[last].end
        found[start, end] = _span(line, start, end, first, last, "GPE", names)
    for first, last, end in _known_runs(line, names):
        start = line.words[first].start
        part = any(a <= first and last <= b and b > a for a, b in villages)
        if (start, end) not in found and not part:
            found[start, end] = _span(line, start, end, first, last, "", names)
    for span in _tags(line, names):
        found[span.start, span.end] = span
    return sorted(found.values(), key=lambda span: (span.start, span.end))


def _tags(line: Line, names: Names) -> Iterator[Span]:
    """Known names that are written as one word behind a "#": "#NewHarrow"."""
    for number, word in enumerate(line.words):
        if line.text[word.start - line.start - 1 : word.start - line.start] != "#" or not _JOINED.search(word.text):
            continue
        match = names.match(_JOINED.sub(" ", word.text))
        if match is not None and match.how <= How.LOOSE:
            yield Span(word.start, word.end, word.text, number, number, "", match)


def _villages(line: Line) -> Iterator[tuple[int, int]]:
    """First and last word of names of several words before the word for a village: "Upper Harrow Creek village"."""
    for number, word in enumerate(line.words):
        if word.text not in VILLAGE or not number:
            continue
        first = number
        while (
            first
            and line.words[first - 1].text[0].isupper()
            and line.words[first].start - line.words[first - 1].end == 1
        ):
            first -= 1
        if first < number - 1 and first:
            yield first, number - 1


def _span(line: Line, start: int, end: int, first: int, last: int, label: str, names: Names) -> Span:
    text = line.text[start - line.start : end - line.start]
    return Span(start, end, text, first, last, label, names.match(text))


def _trimmed(line: Line, start: int, end: int) -> tuple[int, int]:
    if flag := FLAG.match(line.text, start - line.start):
        start = line.start + flag.end()
    text_start = start - line.start
    text = line.text[text_start : end - line.start]
    if article := _THE.match(text):
        start += article.end()
    if possessive := _POSSESSIVE.search(text):
        end -= len(possessive[0])
    if (bracket := text.find(" (")) > 0:
        end = line.start + text_start + bracket
    return start, end


def _word_at(line: Line, end: int) -> int:
    return max((n for n, word in enumerate(line.words) if word.start < end), default=0)


def _known_runs(line: Line, names: Names) -> Iterator[tuple[int, int, int]]:
    """(first word, last word, end) of the longest known name at each capitalised word."""
    for first, word in enumerate(line.words):
        if not word.text[0].isupper() and not (word.text[0].isdigit() and len(word.text) > 2):
            continue
        for last in range(_reach(line, first, names.gazetteer), first - 1, -1):
            if line.words[last].text in _JOINTS:
                continue
            if end := _known(line, word.start, line.words[last].end, names):
                yield first, last, end
                break


def _known(line: Line, start: int, end: int, names: Names) -> int | None:
    """Where the name ends that these words are, with or without the possessive; None where the gazetteer has none."""
    text = line.text[start - line.start : end - line.start]
    for form in (text, _POSSESSIVE.sub("", text)):
        if len(form) > 1 and (match := names.match(form)) and match.how is not How.GENERIC:
            return start + len(form)
    return None


def _reach(line: Line, first: int, gazetteer: Gazetteer) -> int:
    """The last word that a name beginning at `first` can have."""
    most = gazetteer.longest(key(line.words[first].text))
    best, counted = first, 1
    for number in range(first + 1, len(line.words)):
        before, word = line.words[number - 1], line.words[number]
        gap = word.start - before.end
        if gap > 1 or counted >= most:
            break
        if word.text in _JOINTS and (gap == 0 or word.text != "."):
            continue
        if not word.text[0].isalnum():
            break
        counted += 1
        if word.text[0].isupper() or word.text[0].isdigit() or _ends_site(line, number):
            best = number
        elif word.text not in lexicon.words().cues.connectors:
            break
    return best


def _ends_site(line: Line, number: int) -> bool:
    """Is it the last word of a site's name that is written without a capital: "Harrow air base"?"""
    word = line.words[number].text
    return (
        word in _site_ends() or word in _site_starts() and number + 1 < len(line.words) and _ends_site(line, number + 1)
    )


@cache
def _site_ends() -> frozenset[str]:
    return frozenset(words.rsplit(" ", 1)[-1] for words in lexicon.words().sites.words)


@cache
def _site_starts() -> frozenset[str]:
    return frozenset(word for words in lexicon.words().sites.words for word in words.split()[:-1])


@cache
def _tokens() -> re.Pattern[str]:
    """Words (with what stands behind an apostrophe), initials and the abbreviations of provinces as one, single signs.

    Words that scraping has run together ("news.comDENVER", "heldAnna") are two.
    """
    short = sorted((form for form in lexicon.abbreviations() if form.endswith(".")), key=len, reverse=True)
    known = "|".join(map(re.escape, short))
    call_sign = r"\b(?P<sign>[A-Z]{3,6})(?=[A-Z]{4,}[^()\n]{0,25}\((?P=sign)\b)"  # "WXYZHARROW, Ohio (WXYZ)"
    run_together = r"[A-Z]*[a-z0-9]+(?=[A-Z]{4,}\b)|\b[a-z0-9]+(?=[A-Z][a-z]{3})"
    return re.compile(rf"\b(?:{known})|(?:[A-Z]\.){{2,}}|{call_sign}|{run_together}|\w+(?:['’]\w+)*|[^\w\s]")
