"""Which words of a text say when: forms of the lexicon, joined, directed by tense, dated by what was told before."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import zip_longest

from processors.times.atoms import BUILDERS, Atom, Found
from processors.times.days import DayRef, Exact, MonthDay, Shift, Side, Weekday
from processors.times.expression import TimeExpression, TimeKind, values_of
from processors.times.joining import joined
from processors.times.lexicon import WORD, CompiledRule, Grammar, grammar
from processors.times.reading import Reading
from processors.times.written import written_on

BREAK = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[^\Wa-z\d_]|[\"“‘])|\n+")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
SAME_YEAR = timedelta(days=31)  # a date so near a full one shares its year
ONE_DAY = timedelta(hours=36)  # an expression that lasts longer is no day to count from
TENSE_WINDOW = 90  # characters before a date in which the verb that directs it is looked for
YEAR_LIMITS = (1800, 2200)


def find_times(text: str, anchor: datetime, lang: str = "en") -> list[TimeExpression]:
    """The time expressions of a text, in order. `anchor` is the moment of publication, in local time where known.

    Raises ResourceError where the language has no lexicon.
    """
    words = grammar(lang)
    lower = _lower(text)
    groups = joined(_atoms(text, lower, words), lower, words)
    if not groups:
        return []
    now = anchor.replace(tzinfo=None)
    written = written_on(text, lower, groups, now, words)
    found = _dated(text, groups, written or now, [m.start() for m in BREAK.finditer(text)])
    return [replace(expression, written=written) for expression in found] if written else found


def _lower(text: str) -> str:
    """Lower-cased, with European digits, of the same length."""
    lower = (text if text.isascii() else text.translate(DIGITS)).lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _atoms(text: str, lower: str, words: Grammar) -> list[Atom]:
    found: list[Atom] = []
    done, before = 0, ""
    for word in WORD.finditer(lower):
        start = word.start()
        first = word[0]
        if start >= done:
            rules = words.starts.get("" if first[0].isdecimal() else first)
            if rules and (atom := _best(text, lower, start, before, rules, words)):
                found.append(atom)
                done = atom.end
        before = first
    return found


def _best(
    text: str, lower: str, start: int, before: str, rules: tuple[CompiledRule, ...], words: Grammar
) -> Atom | None:
    """The atom of the rule that takes in most words at `start`."""
    best: Atom | None = None
    if (
        start
        and lower[start - 1] in "$€£#+@&_"
        or (start > 1 and lower[start - 1] in ".," and lower[start - 2].isdecimal())
    ):
        return None
    for compiled in rules:
        rule = compiled.rule
        if (rule.after and before not in rule.after) or before in rule.not_after:
            continue
        match = compiled.pattern.match(lower, start)
        if match is None or (best and match.end() <= best.end) or not _written(text, match, words):
            continue
        best = BUILDERS[rule.kind](Found(match, rule, words, _side(lower, match, words))) or best
    return best


def _written(text: str, match: re.Match[str], words: Grammar) -> bool:
    """Words such as "may" and "sat" count only with a capital, "Sunset Park" is a name."""
    groups = match.re.groupindex
    for name in ("month", "weekday"):
        if name in groups and match[name] in words.words.capital and not text[match.start(name)].isupper():
            return False
    if "part" in groups and text[match.start("part")].isupper():
        following = text[match.end() : match.end() + 2].strip()
        return not (following[:1].isupper() and text[match.start("part") + 1].islower())
    return True


def _side(lower: str, match: re.Match[str], words: Grammar) -> Side:
    """Does the sentence look ahead at this date? The nearest verb or noun before it that says so decides."""
    if match.re.groupindex.keys().isdisjoint(("month", "weekday", "monthnumber", "feast")):
        return "past"
    if words.future_after and words.future_after.match(lower, match.end()):
        return "future"
    window = lower[max(0, match.start() - TENSE_WINDOW) : match.start()]
    stop = max(window.rfind(". "), window.rfind("\n"), window.rfind("; "))
    return _tense(WORD.findall(window[stop + 1 :])[::-1], words)


def _tense(backwards: list[str], words: Grammar) -> Side:
    """What the nearest telling word says, read backwards from the date."""
    told = words.words
    for word, before in zip_longest(backwards, backwards[1:], fillvalue=""):
        if word in told.future:
            return "future"
        if word in told.past or word.endswith(told.past_endings or ("\0",)):
            if before in told.ahead_of_participle:
                return "future"
            if before not in told.beside_participle:
                return "past"
    return "near"


def _dated(text: str, groups: list[Atom], anchor: datetime, breaks: list[int]) -> list[TimeExpression]:
    """Expressions with values; those that lean on another day take the one told before, or in the same sentence."""
    found: list[TimeExpression] = []
    told: list[tuple[Atom, DayRef]] = []
    for number, atom in enumerate(groups):
        day = _with_year(atom, _day_of(atom, number, groups, told, breaks), groups, breaks)
        reading = Reading(day, atom.part, atom.clock, atom.ago)
        if expression := _expression(text, atom, reading, anchor):
            found.append(expression)
            ahead = atom.of_next or expression.looks_ahead
            if day and not ahead and expression.until - expression.first <= ONE_DAY:
                told.append((atom, day))
    return found


def _day_of(
    atom: Atom, number: int, groups: list[Atom], told: list[tuple[Atom, DayRef]], breaks: list[int]
) -> DayRef | None:
    last = told[-1][1] if told else None
    if atom.kind == "anaphoric":
        base = _same_sentence(number, groups, breaks) if atom.of_next else last
        return Shift(atom.count, atom.unit, base) if atom.count else base or Shift(0, "day")
    if atom.day or atom.kind not in ("clock", "part"):
        return atom.day
    return _same_sentence(number, groups, breaks) or _fitting(atom, told) or last or _told_next(number, groups, breaks)


def _fitting(atom: Atom, told: list[tuple[Atom, DayRef]]) -> DayRef | None:
    """The last told day whose part of the day holds the clock time: "9:50 p.m." is "Sunday night"'s, not "Monday noon"'s."""
    hour = atom.clock.hour if atom.clock else None
    parts = ((other.part, day) for other, day in reversed(told) if other.part is not None)
    return next((day for part, day in parts if hour is not None and part.start <= hour < part.end), None)


def _same_sentence(number: int, groups: list[Atom], breaks: list[int]) -> DayRef | None:
    """The day told in the sentence, before the expression rather than behind it."""
    for other in (*reversed(groups[:number]), *groups[number + 1 :]):
        dated = other.kind == "day" and isinstance(other.day, Weekday | MonthDay | Exact | Shift)
        if dated and not _between(other.start, groups[number].start, breaks):
            return other.day
    return None


def _told_next(number: int, groups: list[Atom], breaks: list[int]) -> DayRef | None:
    """The day of a clock time that the next sentence tells: "shortly after 11 a.m. … The search went on Monday"."""
    here = groups[number]
    after = [g for g in groups[number + 1 :] if isinstance(g.day, Weekday) and g.day.side != "future"]
    near = next(iter(after), None)
    cuts = sum(here.start < cut <= near.start for cut in breaks) if near else 0
    return near.day if near and here.kind == "clock" and cuts == 1 else None


def _with_year(atom: Atom, day: DayRef | None, groups: list[Atom], breaks: list[int]) -> DayRef | None:
    """A date without year in the sentence of a full one near it is of the same year: "on 4 May, after the clash of 2 May
    2015".
    """
    if not isinstance(day, MonthDay) or day.weekday is not None:
        return day
    for other in groups:
        if isinstance(other.day, Exact) and not _between(other.start, atom.start, breaks):
            full, own = other.day.on(date.min), Exact(other.day.year, day.month, day.day, day.last_day)
            days = own.on(date.min)
            if full and days and abs(days.first - full.first) <= SAME_YEAR:
                return own
    return day


def _between(a: int, b: int, breaks: list[int]) -> bool:
    return any(min(a, b) < cut <= max(a, b) for cut in breaks)


def _expression(text: str, atom: Atom, reading: Reading, anchor: datetime) -> TimeExpression | None:
    try:
        moments = reading.at(anchor)
    except (OverflowError, ValueError):  # a date outside the calendar
        return None
    if moments is None or not YEAR_LIMITS[0] <= moments.first.year <= YEAR_LIMITS[1]:
        return None
    start, end = _trimmed(text, atom.start, atom.end)
    kind: TimeKind = "anaphoric" if atom.kind == "anaphoric" else "absolute" if not atom.relative else "relative"
    value, last = values_of(moments)
    return TimeExpression(
        start, end, text[start:end], value, last, moments.precision, kind, moments.first, moments.until, reading,
        looks_ahead=moments.first.date() > anchor.date(), of_next=atom.of_next,
    )  # fmt: skip


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A full stop stays out unless it belongs to "p.m."."""
    while end > start and (text[end - 1] in " ,(" or (text[end - 1] == "." and text[end - 2 : end - 1].lower() != "m")):
        end -= 1
    return start, end
