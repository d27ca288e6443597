"""What a time expression says (day, part of the day, clock) and when that is, seen from a moment of publication."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from processors.model import TimePrecision
from processors.times.days import DayRef, Days

MORNING = 16  # hour up to which a night without a day is the one just gone
SLACK = timedelta(hours=2)  # a clock time this far after publication may still be of the same day


class Moments(NamedTuple):
    """Local time from `first` to `until` (exclusive); `day` is the calendar day it counts for, None for several."""

    first: datetime
    until: datetime
    precision: TimePrecision
    day: date | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day in hours from its midnight; a night that is dated by its morning starts below 0."""

    start: int
    end: int
    precision: TimePrecision = "hour"


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time; `offset` are minutes east of UTC where a zone is named. With `until` a stretch."""

    hour: int
    minute: int | None = None
    offset: int | None = None
    until: "Clock | None" = None

    def start(self) -> timedelta:
        return timedelta(hours=self.hour, minutes=self.minute or 0)

    def end(self) -> timedelta:
        """Exclusive; a stretch that ends before it starts runs past midnight."""
        if self.until is None:
            return self.start() + (timedelta(hours=1) if self.minute is None else timedelta(minutes=1))
        last = self.until.start()
        return last if last > self.start() else last + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """`day` None: the words name none, the context gave none. `ago` is set for "three hours ago" alone."""

    day: DayRef | None = None
    part: Part | None = None
    clock: Clock | None = None
    ago: timedelta | None = None

    def at(self, anchor: datetime, zone_known: bool = False) -> Moments | None:
        """When it is, said at `anchor` (naive local time); None where there is no such date.

        With `zone_known` a clock time or part of the day without a day is the last one before the anchor.
        """
        if self.ago is not None:
            return self._ago(anchor, self.ago)
        days = self.day.on(anchor.date()) if self.day else None
        if self.day and days is None:
            return None
        if days and self._is_night(days):
            night = Part(self.part.start - 24 if self.part else -6, 7, "day")
            return Reading(part=night)._within(days.last)
        if days and days.last != days.first:
            return Moments(_midnight(days.first), _midnight(days.last) + timedelta(days=1), days.precision, None)
        if days is None and self._is_last_night(anchor, zone_known):
            return Reading(part=Part(-6, 7, "day"))._within(anchor.date())
        found = self._within(days.first if days else anchor.date())
        if days is None and zone_known and found.first > anchor + SLACK:
            return self._within(anchor.date() - timedelta(days=1))
        return found

    def _is_last_night(self, anchor: datetime, zone_known: bool) -> bool:
        """ "at night", said in the morning: the night that has just ended, which counts for this day."""
        night = self.part is not None and self.clock is None and self.part.end > 24
        return night and zone_known and anchor.hour < MORNING

    def _is_night(self, days: Days) -> bool:
        """The night between two days, which counts for the second."""
        return self.part is not None and self.part.end > 24 and days.last - days.first == timedelta(days=1)

    def _afternoon(self, clock: Clock) -> timedelta:
        """ "9:30 Tuesday night" is 21:30."""
        late = self.part is not None and self.part.start >= 12 and clock.hour < 12 and clock.offset is None
        return (
            timedelta(hours=12) if late and self.part and clock.hour + 12 >= min(self.part.start, 18) else timedelta()
        )

    def _ago(self, anchor: datetime, ago: timedelta) -> Moments:
        hours = ago >= timedelta(hours=1)
        first = (anchor - ago).replace(second=0, microsecond=0)
        length = timedelta(hours=1) if hours else timedelta(minutes=1)
        return Moments(first, first + length, "hour" if hours else "minute", first.date())

    def _within(self, day: date) -> Moments:
        start = _midnight(day)
        if self.clock:
            start += self._afternoon(self.clock)
            precision: TimePrecision = "hour" if self.clock.minute is None else "minute"
            return Moments(start + self.clock.start(), start + self.clock.end(), precision, day)
        if self.part:
            first, until = (start + timedelta(hours=h) for h in (self.part.start, self.part.end))
            return Moments(first, until, self.part.precision, day)
        return Moments(start, start + timedelta(days=1), "day", day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
