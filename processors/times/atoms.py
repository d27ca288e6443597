"""From a matched form to what it says: the parts (day, part of the day, clock) that expressions are made of."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from processors.times.days import (
    DayRef,
    Exact,
    Month,
    MonthDay,
    Shift,
    Side,
    ToTheDay,
    Unit,
    Weekday,
    Weekend,
    Window,
    Year,
)
from processors.times.feasts import FeastDay, MonthlyDay, WeeksBack
from processors.times.lexicon import Grammar, Rule
from processors.times.reading import Clock, Part

AtomKind = Literal["day", "part", "clock", "ago", "anaphoric", "outer"]
MOST = {"minute": 600, "hour": 200, "day": 400, "week": 200, "month": 240, "year": 150}  # a count above is no date


@dataclass(frozen=True, slots=True)
class Atom:
    """`start`, `end` in the text; `count` and `unit` are what an anaphoric one adds to the day told before."""

    start: int
    end: int
    kind: AtomKind
    day: DayRef | None = None
    part: Part | None = None
    part_name: str | None = None
    clock: Clock | None = None
    ago: timedelta | None = None
    count: int = 0
    unit: str = "day"
    relative: bool = False
    of_next: bool = False  # it dates what is told behind it: "two days after he was shot"


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that matched: what its builder is given."""

    match: re.Match[str]
    rule: Rule
    grammar: Grammar
    side: Side

    def get(self, name: str) -> str | None:
        return self.match.groupdict().get(name)

    def number(self, name: str) -> int | None:
        """A group's number, in digits or in the class's words."""
        word = self.get(name)
        if word is None:
            return None
        if word.isdecimal():
            return int(word)
        table = self.grammar.values["number" if name == "count" else name]
        return table.get(" ".join(word.split()))

    def unit(self) -> str | None:
        word = self.get("unit")
        return self.grammar.units.get(word) if word else None

    def part(self) -> tuple[str | None, Part | None]:
        word = self.get("part")
        return part_named(self.grammar, self.grammar.parts.get(" ".join(word.split())) if word else None)

    def atom(self, kind: AtomKind, **fields: object) -> Atom:
        return Atom(self.match.start(), self.match.end(), kind, **fields)  # type: ignore[arg-type]


Builder = Callable[[Found], Atom | None]


def part_named(grammar: Grammar, name: str | None) -> tuple[str | None, Part | None]:
    """A part of the day by its name in the lexicon."""
    if name is None:
        return None, None
    words = grammar.words.part[name]
    return name, Part(*words.hours, words.precision)


def _date(found: Found) -> Atom | None:
    month = found.number("month") or found.number("monthnumber")
    day, last = found.number("day"), found.number("lastday")
    if month is None or day is None:
        return None
    year = found.number("year")
    if (short := found.number("shortyear")) is not None:
        year = 2000 + short
    if year is not None:
        return found.atom("day", day=Exact(year, month, day, last))
    return found.atom("day", day=MonthDay(month, day, last, side=found.side))


def _slashed(found: Found) -> Atom | None:
    month, day, year = (found.number(k) for k in ("monthnumber", "day", "year"))
    return found.atom("day", day=Exact(year, month, day)) if year and month and day else None


def _compact(found: Found) -> Atom | None:
    digits = found.match["compact"]
    return found.atom("day", day=Exact(int(digits[:4]), int(digits[4:6]), int(digits[6:])))


def _weekday(found: Found) -> Atom | None:
    number = found.number("weekday")
    if number is None:
        return None
    side: Side = "future" if found.rule.sign > 0 else "past" if found.rule.sign < 0 else found.side
    return found.atom("day", day=Weekday(number, side, strict=found.rule.sign != 0), relative=True)


def _deictic(found: Found) -> Atom | None:
    entry = found.grammar.deictics.get(" ".join(found.match["deictic"].split()))
    if entry is None:
        return None
    name, part = part_named(found.grammar, entry.part)
    return found.atom("day", day=Shift(entry.days, "day"), part=part, part_name=name, relative=True)


def _weekend(found: Found) -> Atom:
    return found.atom("day", day=Weekend(), relative=True)


def _period(found: Found) -> Atom | None:
    unit = found.unit()
    if unit in ("minute", "hour", None):
        return None
    if unit == "day":
        return found.atom("day", day=Shift(found.rule.sign, "day"), relative=True) if found.rule.sign else None
    return found.atom("outer", day=Unit(str(unit), found.rule.sign), relative=True)


def _window(found: Found) -> Atom | None:
    unit, count = found.unit(), found.number("count") or 1
    if unit == "hour" and count >= 12:
        unit, count = "day", max(1, round(count / 24))
    if unit not in ("day", "week", "month", "year") or count > MOST[unit]:
        return None
    if found.number("count") is None and unit != "day":
        return found.atom("outer", day=Unit(unit, -1), relative=True)
    return found.atom("day", day=Window(count, unit), relative=True)


def _month(found: Found) -> Atom | None:
    month = found.number("month")
    if month is None:
        return None
    year = found.number("year")
    return found.atom("day", day=Month(month, year, found.side), relative=year is None)


def _year(found: Found) -> Atom | None:
    first, last = int(found.match["year"]), found.get("lastyear")
    return found.atom("outer", day=Year(first, int(last) if last else None))


def _decade(found: Found) -> Atom:
    first = int(found.match["decade"])
    return found.atom("day", day=Year(first, first + 9))


def _feast(found: Found) -> Atom:
    word = " ".join(found.match["feast"].replace("’", "'").split())
    return found.atom("day", day=FeastDay(found.grammar.feasts[word].of, found.side))


def _monthly(found: Found) -> Atom | None:
    day = found.number("day")
    return found.atom("day", day=MonthlyDay(day), relative=True) if day else None


def _weeks_back(found: Found) -> Atom | None:
    """`day` of the rule is how many weeks before the last such day it is; a count in the words says it with it."""
    weekday, count = found.number("weekday"), found.number("count") or 1
    if weekday is None:
        return None
    return found.atom("day", day=WeeksBack(weekday, found.rule.day + count - 1), relative=True)


def _ago(found: Found) -> Atom | None:
    unit = found.unit() or "minute"
    count = found.number("count") or (2 if unit in ("minute", "hour") else 0)
    if not count or count > MOST.get(unit, 0):
        return None
    if unit in ("minute", "hour"):
        return found.atom("ago", ago=timedelta(**{unit + "s": count}), relative=True)
    if found.rule.day:
        return found.atom("day", day=ToTheDay(count, unit), relative=True)
    return found.atom("day", day=Shift(-count, unit), relative=True)


def _anaphoric(found: Found) -> Atom | None:
    unit = found.unit() or "day"
    count = found.number("count") or found.rule.day
    if unit not in ("day", "week", "month", "year") or count > MOST[unit]:
        return None
    name, part = found.part()
    if name in ("night", "evening") and found.rule.sign > 0:
        count = count if found.rule.day else 0
    return found.atom("anaphoric", count=count * found.rule.sign, unit=unit, part=part, part_name=name, relative=True)


def _counted(found: Found) -> Atom | None:
    atom = _anaphoric(found)
    return replace(atom, of_next=True) if atom else None


def _part(found: Found) -> Atom:
    name, part = found.part()
    return found.atom("part", part=part, part_name=name)


def _hour(hour: int, ampm: str | None) -> int:
    return hour % 12 + (12 if ampm == "p" else 0) if ampm else hour


def _clock(found: Found) -> Atom | None:
    hour, minute = found.number("hour"), found.number("minute")
    ampm, last = found.get("ampm"), found.number("lasthour")
    if hour is None or hour > (12 if ampm else 24) or (hour == 24 and minute):
        return None
    until = (
        Clock(_hour(last, ampm), found.number("lastminute"))
        if last is not None and last <= (12 if ampm else 24)
        else None
    )
    start = _hour(hour, ampm)
    if ampm == "p" and until and until.hour < start:  # "11 to 2 p.m." starts in the morning
        start = hour % 12
    return found.atom("clock", clock=Clock(start % 24, minute, until=until))


BUILDERS: dict[str, Builder] = {
    "date": _date, "slashed": _slashed, "compact": _compact, "weekday": _weekday, "deictic": _deictic,
    "weekend": _weekend, "period": _period, "window": _window, "month": _month, "year": _year, "decade": _decade,
    "feast": _feast, "monthly": _monthly, "weeks_back": _weeks_back, "ago": _ago, "anaphoric": _anaphoric,
    "counted": _counted, "part": _part, "noon": _part, "clock": _clock,
}  # fmt: skip
