"""Which words of a text say when: forms of the lexicon, joined, directed by tense, dated by what was told before."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import zip_longest

from processors.times.atoms import BUILDERS, Atom, Found
from processors.times.days import DayRef, Exact, Month, MonthDay, Shift, Side, Stretch, Weekday, Within
from processors.times.expression import TimeExpression, TimeKind, values_of
from processors.times.lexicon import WORD, CompiledRule, Grammar, grammar
from processors.times.reading import Part, Reading

BREAK = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[^\Wa-z\d_]|[\"“‘])|\n+")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
SAME_YEAR = timedelta(days=31)  # a date so near a full one shares its year
TENSE_WINDOW = 90  # characters before a date in which the verb that directs it is looked for
YEAR_LIMITS = (1800, 2200)


def find_times(text: str, anchor: datetime, lang: str = "en") -> list[TimeExpression]:
    """The time expressions of a text, in order. `anchor` is the moment of publication, in local time where known.

    Raises ResourceError where the language has no lexicon.
    """
    words = grammar(lang)
    lower = _lower(text)
    groups = _joined(_atoms(text, lower, words), lower, words)
    return (
        _dated(text, groups, anchor.replace(tzinfo=None), [m.start() for m in BREAK.finditer(text)]) if groups else []
    )


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
    if match.re.groupindex.keys().isdisjoint(("month", "weekday", "monthnumber")):
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


def _joined(atoms: list[Atom], lower: str, words: Grammar) -> list[Atom]:
    """Neighbours that say one thing made one: "early" + "Friday" + "1:30 a.m."; zones taken in."""
    found: list[Atom] = []
    for plain in atoms:
        atom = _with_zone(plain, lower, words) if plain.clock else plain
        if found and (joined := _pair(found[-1], atom, lower, words)):
            found[-1] = joined
        else:
            found.append(atom)
    return found


def _with_zone(atom: Atom, lower: str, words: Grammar) -> Atom:
    """A clock time with the zone that stands behind it."""
    assert atom.clock
    for name, offset in words.values["zone"].items():
        if (
            lower.startswith(name, at := _skip(lower, atom.end))
            and not lower[at + len(name) : at + len(name) + 1].isalpha()
        ):
            return replace(atom, end=at + len(name), clock=replace(atom.clock, offset=offset))
    if words.local and (match := words.local.match(lower, _skip(lower, atom.end))):
        return replace(atom, end=match.end())
    return atom


def _skip(lower: str, at: int) -> int:
    while at < len(lower) and lower[at] in " \u00a0(":
        at += 1
    return at


def _pair(one: Atom, two: Atom, lower: str, words: Grammar) -> Atom | None:
    gap = lower[one.end : two.start]
    if len(gap) > 40 or "\n" in gap:
        return None
    if words.glue.fullmatch(gap) and (merged := _merge(one, two)):
        return merged
    return _stretch(one, two, gap) if words.join.fullmatch(gap) else None


def _stretch(one: Atom, two: Atom, gap: str) -> Atom | None:
    """ "from Friday to Sunday"; parts of days make no stretch, but "the night of Monday to Tuesday" is one."""
    narrow = two.part is not None or (one.part is not None and one.part.end <= 24)
    if narrow or one.kind != "day" or two.kind != "day" or one.day is None or two.day is None:
        return None
    if isinstance(one.day, Month) or (" and " in gap and isinstance(one.day, MonthDay | Exact)):
        return None
    return replace(one, end=two.end, day=Stretch(one.day, two.day))


def _merge(one: Atom, two: Atom) -> Atom | None:
    """Two neighbours as one atom, None where they say two things."""
    day = _one_day(one, two)
    if one.day and two.day and day is None or one.ago or two.ago:
        return None
    if one.clock and two.clock:
        return _zoned(one, two)
    if {one.kind, two.kind} == {"anaphoric", "day"} or one.kind == two.kind == "anaphoric":
        return None
    kinds = (one.kind, two.kind)
    kind = next(k for k in ("anaphoric", "day", "outer", "clock", "part") if k in kinds)
    name, part = _one_part(one, two)
    counted = one if one.kind == "anaphoric" else two
    return Atom(
        one.start, two.end, kind, day or one.day or two.day, part, name, one.clock or two.clock,
        count=counted.count, unit=counted.unit, relative=one.relative or two.relative,
    )  # fmt: skip


def _zoned(one: Atom, two: Atom) -> Atom | None:
    """ "3 p.m. (1200 GMT)": the same moment twice; the one without a zone is the local time."""
    assert one.clock and two.clock
    if (one.clock.offset is None) == (two.clock.offset is None):
        return None
    local = one if one.clock.offset is None else two
    return replace(
        one, end=two.end, clock=local.clock, day=one.day or two.day, kind="day" if one.day or two.day else "clock"
    )


def _one_day(one: Atom, two: Atom) -> DayRef | None:
    if one.day is None or two.day is None:
        return None
    if two.kind == "outer" and isinstance(one.day, Weekday | Month | MonthDay) and one.kind == "day":
        return Within(replace(one.day, side="past"), two.day)
    if isinstance(one.day, Weekday) and isinstance(two.day, MonthDay):
        return replace(two.day, weekday=one.day.weekday)
    if isinstance(one.day, MonthDay) and isinstance(two.day, Weekday):
        return replace(one.day, weekday=two.day.weekday)
    if isinstance(one.day, Weekday | Shift) and isinstance(two.day, Exact | MonthDay):
        return two.day
    if isinstance(one.day, Exact | MonthDay) and isinstance(two.day, Weekday | Shift):
        return one.day
    return _of_today(one, two)


def _of_today(one: Atom, two: Atom) -> DayRef | None:
    """ "Friday last night" is two things, "on Friday overnight" and "yesterday, Friday" are one."""
    for day, other in ((one, two), (two, one)):
        if other.part_name == "overnight" and isinstance(day.day, Weekday | MonthDay | Exact | Shift):
            return day.day
    if isinstance(one.day, Weekday) and isinstance(two.day, Shift):
        return two.day
    return one.day if isinstance(one.day, Shift) and isinstance(two.day, Weekday) else None


def _one_part(one: Atom, two: Atom) -> tuple[str | None, Part | None]:
    """ "early" + "morning": the narrower; a month's "early" is no part of a day."""
    if isinstance(one.day or two.day, Month):
        return None, None
    if one.part and two.part:
        loose = {"early", "late"}
        kept = two if one.part_name in loose else one
        return kept.part_name, kept.part
    kept = one if one.part else two
    return kept.part_name, kept.part


def _dated(text: str, groups: list[Atom], anchor: datetime, breaks: list[int]) -> list[TimeExpression]:
    """Expressions with values; those that lean on another day take the one told before, or in the same sentence."""
    found: list[TimeExpression] = []
    told: list[tuple[int, DayRef]] = []
    for number, atom in enumerate(groups):
        day = _with_year(atom, _day_of(atom, number, groups, told, breaks), groups, breaks)
        reading = Reading(day, atom.part, atom.clock, atom.ago)
        if expression := _expression(text, atom, reading, anchor):
            found.append(expression)
            if day and expression.until - expression.first <= timedelta(hours=36) and not expression.looks_ahead:
                told.append((atom.start, day))
    return found


def _day_of(
    atom: Atom, number: int, groups: list[Atom], told: list[tuple[int, DayRef]], breaks: list[int]
) -> DayRef | None:
    last = told[-1][1] if told else None
    if atom.kind == "anaphoric":
        return Shift(atom.count, atom.unit, last) if atom.count else last or Shift(0, "day")
    if atom.day or atom.kind not in ("clock", "part"):
        return atom.day
    for other in (*reversed(groups[:number]), *groups[number + 1 :]):
        if (
            other.kind == "day"
            and isinstance(other.day, Weekday | MonthDay | Exact | Shift)
            and not _between(other.start, atom.start, breaks)
        ):
            return other.day
    return last or _told_next(number, groups, breaks)


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
        looks_ahead=moments.first.date() > anchor.date(),
    )  # fmt: skip


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A full stop stays out unless it belongs to "p.m."."""
    while end > start and (text[end - 1] in " ,(" or (text[end - 1] == "." and text[end - 2 : end - 1].lower() != "m")):
        end -= 1
    return start, end
