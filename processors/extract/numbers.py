"""How many: number words, digits, ranges and bounds that can count people, in one sentence or text.

Years, ages, calibres, money, percentages, distances, times, ordinals and numbers that are names are left out.
"""

import re
from dataclasses import dataclass

from processors.extract.number_words import Lexicon, lexicon
from processors.model import Count

TOKEN = re.compile(
    r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?![\d.])|\d+(?:\.\d+)?|[^\W\d_]+(?:['’][^\W\d_]+)*\.?(?=-|\W|$)|[^\w\s]|\S",
    re.UNICODE,
)
SEPARATORS = re.compile("[,\u00a0\u202f ]")
YEARS = range(1900, 2101)
# "two others, 17 and 22, were", "cousins aged 7, 9 and 12": whose ages these are
AGES = re.compile(
    r"(?:(?:,|\()\s|\b(?:age[sd]?|ages)\s)(?:\d{1,2}, )*\d{1,2},? (?:and|to|&) \d{1,2}(?=\s?[,.;)\]]|\s*$|\s[—–-]\s)"
    r"|\bage[sd]? (?:between )?(?:\d{1,2}, )*\d{1,2},? (?:and|to|&) \d{1,2}\b"
)
EMERGENCY = "911"  # a telephone number, an office
MOST = 10_000_000  # more people than that are no toll


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of people or things; offsets in the text read. `article`: only "a" or "an". `more`: besides others."""

    start: int
    end: int
    text: str
    min: int | None
    max: int | None
    approx: bool = False
    article: bool = False
    more: bool = False

    def count(self, offset: int = 0) -> Count:
        """As the contract has it; `offset` is where the text that was read starts in the document."""
        return Count(min=self.min, max=self.max, text=self.text, start=offset + self.start, end=offset + self.end)


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    low: str


@dataclass(frozen=True, slots=True)
class Value:
    """A number before its bounds: words `first` to `last` (exclusive)."""

    first: int
    last: int
    low: int
    high: int | None
    plain: bool  # said exactly, so a bound can narrow it
    article: bool = False


def find_numbers(text: str, lang: str = "en") -> list[Quantity]:
    """The quantities of a sentence or text that can count people or things, in order."""
    return _quantities(text, _words(text), lexicon(lang))


def _words(text: str) -> list[Word]:
    return [Word(m.start(), m.end(), m[0].lower().rstrip(".") or m[0]) for m in TOKEN.finditer(text)]


def _quantities(text: str, words: list[Word], lex: Lexicon) -> list[Quantity]:
    ages = [m.span() for m in AGES.finditer(text)]
    found: list[Quantity] = []
    at = 0
    while at < len(words):
        value = _value(words, at, lex)
        if value is None:
            at += 1
            continue
        spread = _ranged(words, value, lex)
        aged = any(first <= words[spread.first].start < last for first, last in ages)
        if not aged and _countable(text, words, spread, lex):
            found.append(_bounded(text, words, spread, lex))
        at = spread.last
    return found


def _value(words: list[Word], at: int, lex: Lexicon) -> Value | None:
    for split, sort, number in lex.phrases.get(words[at].low, ()):
        if tuple(w.low for w in words[at : at + len(split)]) == split:
            if sort == "article" and _number(words, at, lex):
                break
            if (
                sort == "more" and at + len(split) < len(words) and _number(words, at + len(split), lex)
            ):  # "a further 40"
                break
            if sort == "none" and words[at].end - words[at].start > len(words[at].low):  # "No. 4"
                break
            high = None if sort == "vague" else number
            return Value(at, at + len(split), number, high, sort in ("fixed", "more"), article=sort == "article")
    return _number(words, at, lex)


def _number(words: list[Word], at: int, lex: Lexicon) -> Value | None:
    """ "2,300", "twenty-three", "two hundred and six", "a hundred", "5 thousand"."""
    if not (words[at].low in lex.value or words[at].low in ("a", "an") or words[at].low[:1].isdecimal()):
        return None
    total, part, i, seen = 0.0, 0.0, at, False
    while i < len(words):
        low = words[i].low
        digits = SEPARATORS.sub("", low)
        if not seen and re.fullmatch(r"\d+(?:\.\d+)?", digits):
            part, seen = float(digits), True
        elif low in lex.value and (
            not seen or (part % 10 == 0 and part % 100 >= 20 and lex.value[low] < 10) or part % 100 == 0
        ):
            if seen and words[i - 1].low not in ("-", "and", "‑") and part and part % 100 == 0 and not lex.value[low]:
                break
            part, seen = part + lex.value[low], True
        elif low in lex.multiplier and (seen or (low == words[i].low and _article_before(words, at, i))):
            part = max(part, 1) * lex.multiplier[low]
            seen = True
            if part >= 1000:
                total, part = total + part, 0
        elif not (
            seen and low in ("-", "and", "‑") and i + 1 < len(words) and _continues(words, i, part, lex)
        ) and not (i == at and low in ("a", "an") and i + 1 < len(words) and words[i + 1].low in lex.multiplier):
            break
        i += 1
    number = total + part
    if not seen or number != int(number) or number > MOST:
        return None
    return Value(at, i, int(number), int(number), True)


def _article_before(words: list[Word], at: int, i: int) -> bool:
    return i == at + 1 and words[at].low in ("a", "an")


def _continues(words: list[Word], i: int, part: float, lex: Lexicon) -> bool:
    """Does the number go on behind a hyphen or "and"?"""
    after = words[i + 1].low
    if words[i].low == "and":
        return part >= 100 and part % 100 == 0 and after in lex.value
    return part >= 20 and part % 10 == 0 and lex.value.get(after, 10) < 10


def _ranged(words: list[Word], value: Value, lex: Lexicon) -> Value:
    """ "10 to 12", "three or four", "between 5 and 7"."""
    at = value.last
    if not value.plain or at + 1 >= len(words) or words[at].low not in lex.to:
        return value
    if words[at].low == "and" and not (value.first and words[value.first - 1].low in lex.between):
        return value
    other = _number(words, at + 1, lex)
    if other is None or other.low <= value.low or other.low > 5 * max(value.low, 2) + 10:
        return value
    first = value.first - (value.first > 0 and words[value.first - 1].low == "between")
    return Value(first, other.last, value.low, other.low, False)


def _countable(text: str, words: list[Word], value: Value, lex: Lexicon) -> bool:
    """Could it count people? Not a year, an age, a distance, a time, a name's number."""
    first, last = words[value.first], words[value.last - 1]
    before = words[value.first - 1] if value.first else None
    after = words[value.last] if value.last < len(words) else None
    if last.end < len(text) and text[last.end] in "%°":
        return False
    if before and _not_behind(text, words, value, before, lex):
        return False
    if after is None:
        return not (value.plain and first.low.isdecimal() and value.low in YEARS)
    return not _not_before(words, value, after, lex)


def _not_behind(text: str, words: list[Word], value: Value, before: Word, lex: Lexicon) -> bool:
    first = words[value.first]
    digits = first.low[0].isdecimal()
    if before.low in lex.currency and (digits or before.low == "$"):
        return True
    joined = before.end == first.start
    if digits and joined and (before.low in ("-", "/", ".", ":", "_", "@", "‑") or _is_latin(before.low)):
        return True
    if before.low == "#" or (digits and (before.low in lex.before or before.low in lex.months)):
        return True
    age = (
        digits
        and before.low == ","
        and value.low < 111
        and value.last < len(words)
        and words[value.last].low in (",", ")", ";", "-", "–", "—")
    )
    return age and value.first > 1 and text[words[value.first - 2].start].isupper()


def _is_latin(word: str) -> bool:
    """ "abc11" is a name; an Arabic or Hebrew particle is written together with its number."""
    return word.isascii() and word.isalpha()


def _not_before(words: list[Word], value: Value, after: Word, lex: Lexicon) -> bool:
    first, last = words[value.first], words[value.last - 1]
    digits = first.low[0].isdecimal()
    low = after.low
    joined = last.end == after.start
    if low in ("-", "‑") and value.last + 1 < len(words):
        follows = words[value.last + 1].low
        return (
            follows in lex.after or follows in ("year", "month", "day", "hour") or (digits and follows[0].isdecimal())
        )
    if (
        low in lex.after
        and not (low in ("st", "p") and not joined and not _ampm(words, value.last))
        or (joined and low in (":", "/"))
    ):
        return True
    if digits and (low in lex.months or (joined and low[0].isalpha() and low not in ("x", "k"))):
        return True
    named = value.low in YEARS or first.low == EMERGENCY
    return value.plain and digits and named and "," not in first.low and low not in lex.people


def _ampm(words: list[Word], at: int) -> bool:
    """ "p.m." falls apart into three words."""
    return [w.low for w in words[at : at + 3]] == ["p", ".", "m"]


def _bounded(text: str, words: list[Word], value: Value, lex: Lexicon) -> Quantity:
    sort, first = _bound_before(words, value.first, lex)
    after, last = _bound_after(text, words, value.last, lex)
    low, high = value.low, value.high
    sort = sort or after
    if sort == "at_least":
        high = None
    elif sort == "more_than":
        low, high = low + 1, None
    elif sort == "at_most":
        low, high = 0, value.high if value.high is not None else low
    elif sort == "less_than":
        low, high = 0, (value.high or low) - (words[value.first - 1].low == "than")
    start = words[first].start
    told = text[start : words[last - 1].end].rstrip(".,")
    more, approx = _is_more(words, value, first, lex), sort in ("about", "less_than")
    return Quantity(start, start + len(told), told, low, high, approx, value.article, more)


def _bound_before(words: list[Word], first: int, lex: Lexicon) -> tuple[str | None, int]:
    if first:
        for split, sort in lex.bounds.get(words[first - 1].low, ()):
            start = first - len(split)
            if start >= 0 and tuple(w.low for w in words[start:first]) == split:
                return sort, start
    return None, first


def _bound_after(text: str, words: list[Word], last: int, lex: Lexicon) -> tuple[str | None, int]:
    end = words[last - 1].end
    if text[end : end + 1] == "+" and last < len(words):
        return "at_least", last + 1
    for split, sort in lex.bounds_after:
        if tuple(w.low for w in words[last : last + len(split)]) == split:
            return sort, last + len(split)
    return None, last


def _is_more(words: list[Word], value: Value, first: int, lex: Lexicon) -> bool:
    """ "another two", "two others", "five more"."""
    around = [words[i].low for i in (first - 1, value.first, value.last) if 0 <= i < len(words)]
    return any(low in lex.more for low in around)
