"""What words say about days, before a calendar is laid over it: "Tuesday", "28 January", "two days earlier".

A `DayRef` turns the day it is read on (local day of publication) into a stretch of days, or None where there is no
such date.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple, Protocol

from processors.model import TimePrecision

Side = Literal["past", "future", "near"]  # near: the words do not say
DAY = timedelta(days=1)
TOLERANCE = timedelta(days=2)  # a date this far ahead of publication is still the coming one, not last year's
NEAR, FAR = (
    timedelta(days=60),
    timedelta(days=240),
)  # with no tense to go by, so near ahead is likelier than so far back
WEEKDAY_YEARS = 6  # how many years back a weekday and a date that disagree are looked for


class Days(NamedTuple):
    """Days from `first` to `last`, both inclusive."""

    first: date
    last: date
    precision: TimePrecision


class DayRef(Protocol):
    def on(self, today: date) -> Days | None:
        """The days meant, if it was said on `today`."""
        ...


def one(day: date) -> Days:
    return Days(day, day, "day")


def month_days(year: int, month: int) -> Days:
    return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def add_months(day: date, months: int) -> date:
    """The first day of the month that lies `months` after that of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def week_of(day: date) -> Days:
    first = day - DAY * day.weekday()
    return Days(first, first + 6 * DAY, "week")


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Exact:
    """A calendar day, or from it to another (`last_day` of the same month)."""

    year: int
    month: int
    day: int
    last_day: int | None = None

    def on(self, today: date) -> Days | None:  # noqa: ARG002 - the same whenever it was said
        first, last = _valid(self.year, self.month, self.day), _valid(self.year, self.month, self.last_day or self.day)
        return Days(first, max(first, last), "day") if first and last else None


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day without year: the last one, or the next one where the words look ahead. A weekday told with it decides."""

    month: int
    day: int
    last_day: int | None = None
    weekday: int | None = None
    side: Side = "past"

    def on(self, today: date) -> Days | None:
        dates = self._dates(today)
        fitting = [
            d for d in dates[: WEEKDAY_YEARS if self.weekday is not None else 1] if self.weekday in (None, d.weekday())
        ]
        day = next(iter(fitting or dates), None)
        return Exact(day.year, day.month, day.day, self.last_day).on(today) if day else None

    def _dates(self, today: date) -> list[date]:
        """The dates it can be, the likeliest first."""
        dates = [d for y in range(today.year + 9, today.year - 9, -1) if (d := _valid(y, self.month, self.day))]
        if self.side == "future":
            return [d for d in reversed(dates) if d >= today - DAY]
        past = [d for d in dates if d <= today + TOLERANCE]
        if self.side == "near" and (ahead := [d for d in dates if today < d <= today + NEAR]) and today - past[0] > FAR:
            return ahead
        return past


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday: the last one (today included) or the coming one."""

    weekday: int
    side: Side = "past"
    strict: bool = False  # "last Friday", "next Friday": never today

    def on(self, today: date) -> Days:
        ahead = (self.weekday - today.weekday()) % 7
        if self.side == "future":
            return one(today + DAY * (ahead or 7 * self.strict))
        back = (7 - ahead) % 7
        return one(today - DAY * (back or 7 * self.strict))


@dataclass(frozen=True, slots=True)
class Shift:
    """So many units from today, or from the day that `base` means: "yesterday", "two days earlier"."""

    count: int
    unit: str
    base: DayRef | None = None

    def on(self, today: date) -> Days | None:
        start = self.base.on(today) if self.base else one(today)
        if start is None:
            return None
        if self.unit == "day":
            return one(start.first + DAY * self.count)
        if self.unit == "week":
            day = start.first + DAY * 7 * self.count
            return one(day) if self.base else week_of(day)
        return Unit(self.unit, self.count).on(start.first)


@dataclass(frozen=True, slots=True)
class ToTheDay:
    """So many weeks, months or years ago, to the day: "exactly two years ago"."""

    count: int
    unit: str

    def on(self, today: date) -> Days | None:
        if self.unit in ("day", "week"):
            return one(today - DAY * self.count * (7 if self.unit == "week" else 1))
        first = add_months(today, -self.count * (12 if self.unit == "year" else 1))
        day = _valid(first.year, first.month, today.day)
        return one(day) if day else None


@dataclass(frozen=True, slots=True)
class Unit:
    """A calendar week, weekend, month or year, counted from the present one: "last week" is ("week", -1)."""

    unit: str
    offset: int

    def on(self, today: date) -> Days:
        if self.unit == "month":
            first = add_months(today, self.offset)
            return month_days(first.year, first.month)
        if self.unit == "year":
            return Year(today.year + self.offset).on(today)
        week = week_of(today + DAY * 7 * self.offset)
        return Days(week.first + 5 * DAY, week.last, "day") if self.unit == "weekend" else week


@dataclass(frozen=True, slots=True)
class Weekend:
    """The last weekend, today included; from Monday to Friday the one before."""

    def on(self, today: date) -> Days:
        return Unit("weekend", 0 if today.weekday() >= 5 else -1).on(today)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch up to today: "in the past three days"."""

    count: int
    unit: str

    def on(self, today: date) -> Days:
        length = {"day": 1, "week": 7, "month": 30, "year": 365}[self.unit] * self.count
        return Days(today - DAY * length, today, "day")


@dataclass(frozen=True, slots=True)
class Month:
    """A month, of a year or without one: then the last that began, or the coming one."""

    month: int
    year: int | None = None
    side: Side = "past"

    def on(self, today: date) -> Days:
        year = self.year
        if year is None and self.side == "future":
            year = today.year + (self.month < today.month)
        elif year is None:
            year = today.year - (self.month > today.month)
        return month_days(year, self.month)


@dataclass(frozen=True, slots=True)
class Year:
    first: int
    last: int | None = None

    def on(self, today: date) -> Days:  # noqa: ARG002 - the same whenever it was said
        return Days(date(self.first, 1, 1), date(self.last or self.first, 12, 31), "year")


@dataclass(frozen=True, slots=True)
class Within:
    """A day or month of a week or year told with it: "Tuesday last week", "April last year"."""

    inner: DayRef
    outer: DayRef

    def on(self, today: date) -> Days | None:
        outer = self.outer.on(today)
        return self.inner.on(outer.last) if outer else None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one day to another."""

    start: DayRef
    end: DayRef

    def on(self, today: date) -> Days | None:
        last = self.end.on(today)
        first = self.start.on(last.last if last else today)
        if first is None or last is None or first.first > last.last:
            return None
        return Days(first.first, last.last, first.precision)
