"""Tolls without a parse, for languages that have no parser here: a number beside a word for dead or hurt."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from processors.extract.analysis import Sentence
from processors.extract.casualties.toll import Slot, Toll
from processors.extract.numbers import Quantity, find_numbers
from processors.lexicon.load import load
from processors.model import Count, Span

REACH = 34  # characters between number and word
STOPS = re.compile(r"[,;:.!?،؛()«»\n]")
MARKS = "[\u064b-\u0652]?"  # Arabic vowel signs may stand behind any letter


class TollWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`lexicon/<lang>/tolls.toml`."""

    killed: tuple[str, ...]
    injured: tuple[str, ...]
    nobody: tuple[str, ...] = ()
    two_killed: tuple[str, ...] = ()
    two_injured: tuple[str, ...] = ()
    one_killed: tuple[str, ...] = ()
    one_injured: tuple[str, ...] = ()
    no_killed: tuple[str, ...] = ()
    rise: tuple[str, ...] = ()  # "rose to five": the figure is the new total


@dataclass(frozen=True, slots=True)
class PlainCue:
    """A word for harm; `count` where it tells the number itself."""

    slot: Slot
    pattern: re.Pattern[str]
    count: int | None = None


@cache
def is_known(lang: str | None) -> bool:
    """Is there a lexicon of tolls for this language (ISO 639-1)?"""
    return bool(lang) and files("processors.lexicon").joinpath(str(lang), "tolls.toml").is_file()


@cache
def _cues(lang: str) -> tuple[PlainCue, ...]:
    words = load("tolls", TollWords, lang)
    rows: tuple[tuple[Slot, tuple[str, ...], int | None], ...] = (
        ("killed", words.nobody, 0), ("injured", words.nobody, 0), ("killed", words.no_killed, 0),
        ("killed", words.two_killed, 2), ("injured", words.two_injured, 2),
        ("killed", words.one_killed, 1), ("injured", words.one_injured, 1),
        ("killed", words.killed, None), ("injured", words.injured, None),
    )  # fmt: skip
    return tuple(PlainCue(slot, _pattern(forms), count) for slot, forms, count in rows if forms)


def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(forms, key=lambda f: (-len(f), f))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_form, longest)) + ")", re.IGNORECASE)


def _form(form: str) -> str:
    letters = "".join(r"\s+" if c == " " else re.escape(c) + MARKS for c in form.removesuffix("*"))
    return letters + (r"\w*" if form.endswith("*") else r"(?!\w)")


def find_plain_tolls(sentence: Sentence, lang: str) -> list[Toll]:
    """What a sentence says of people killed and hurt, each number used once. Raises ResourceError: no lexicon."""
    found: list[Toll] = []
    told = sorted(((m.start(), m, cue) for cue in _cues(lang) for m in cue.pattern.finditer(sentence.text)), key=_place)
    if not told:
        return []
    numbers = [n for n in find_numbers(sentence.text, lang) if not n.article]
    for number, (_, match, cue) in enumerate(told):
        if cue.count in (0, 2):
            found.append(_toll(sentence, match, cue, Count(min=cue.count, max=cue.count, text=match[0])))
            continue
        ends = (told[number - 1][1].end() if number else 0, told[number + 1][0] if number + 1 < len(told) else 10**9)
        if chosen := _beside(sentence.text, match, numbers, ends):
            numbers.remove(chosen)
            found.append(_toll(sentence, match, cue, _risen(chosen.count(sentence.start), sentence.text, lang)))
        elif cue.count is not None:
            found.append(_toll(sentence, match, cue, Count(min=cue.count, max=cue.count, text=match[0])))
    return found


def _risen(count: Count, text: str, lang: str) -> Count:
    """ "rose up to five" is five, where "up to five" alone is at most five."""
    rise = load("tolls", TollWords, lang).rise
    if count.min == 0 and count.max and rise and _pattern(rise).search(text):
        return msgspec.structs.replace(count, min=count.max)
    return count


def _place(row: tuple[int, re.Match[str], PlainCue]) -> int:
    return row[0]


def _beside(text: str, match: re.Match[str], numbers: list[Quantity], ends: tuple[int, int]) -> Quantity | None:
    """The nearest number before the word, else behind it, with no other such word or clause end between."""
    before = [
        n for n in numbers if ends[0] <= n.start and n.end <= match.start() and _open(text[n.end : match.start()])
    ]
    behind = [n for n in numbers if match.end() <= n.start and n.end <= ends[1] and _open(text[match.end() : n.start])]
    return before[-1] if before else behind[0] if behind else None


def _open(gap: str) -> bool:
    return len(gap) <= REACH and not STOPS.search(gap)


def _toll(sentence: Sentence, match: re.Match[str], cue: PlainCue, count: Count) -> Toll:
    verb = Span(sentence.start + match.start(), sentence.start + match.end(), match[0])
    if count.start is None or count.end is None:
        count = msgspec.structs.replace(count, start=verb.start, end=verb.end)
    start, end = min(verb.start, count.start or 0), max(verb.end, count.end or 0)
    return Toll(slot=cue.slot, count=count, start=start, end=end, verb=verb, numbered=True, sentence=sentence.index)
