"""Days that are told by name or by number alone: "Good Friday", "Thanksgiving", "the 24th"."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from processors.errors import ResourceError
from processors.times.days import DAY, NEAR, Days, Side, add_months, one

LATEST = 5  # a month has no more Fridays: "the fifth" is its last


class Feast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A feast's names and its day in every year: `month` and `day`; the `nth` `weekday` (0 is Monday) of a `month`, 5 for the
    last; or so many days after Western `easter`.
    """

    words: tuple[str, ...]
    month: int = 0
    day: int = 0
    weekday: int = 0
    nth: int = 0
    easter: int | None = None
    later: int = 0  # days after that

    def of(self, year: int) -> date:
        """Its day in a year. Raises ResourceError where the lexicon tells no such day."""
        if self.easter is not None:
            return easter(year) + self.easter * DAY
        if self.nth:
            return nth_weekday(year, self.month, self.weekday, self.nth) + self.later * DAY
        try:
            return date(year, self.month, self.day)
        except ValueError as error:
            raise ResourceError(f"times.toml: feast {self.words[0]!r}: {error}") from error


def easter(year: int) -> date:
    """Western Easter Sunday, by Gauss' rule in the form of Meeus, Jones and Butcher (Gregorian calendar)."""
    golden, century, rest = year % 19, *divmod(year, 100)
    leaps = century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15
    epact = leaps % 30
    epact -= epact // 28 * (1 - 29 // (epact + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    days = epact - weekday
    month = 3 + (days + 40) // 44
    return date(100 * century + rest, month, days + 28 - 31 * (month // 4))


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The first, second … of these weekdays of a month; its last for LATEST."""
    first = date(year, month, 1)
    day = first + DAY * ((weekday - first.weekday()) % 7) + 7 * DAY * (min(nth, LATEST) - 1)
    return day if day.month == month else day - 7 * DAY


@dataclass(frozen=True, slots=True)
class FeastDay:
    """A feast: the last one, or the coming one where the words look ahead or say neither and it is much nearer."""

    of: Callable[[int], date]
    side: Side = "past"

    def on(self, today: date) -> Days:
        days = [self.of(year) for year in range(today.year - 1, today.year + 2)]
        ahead = min(day for day in days if day >= today)
        past = max(day for day in days if day <= today)
        coming = self.side == "future" or self.side == "near" and ahead - today <= NEAR < today - past
        return one(ahead if coming else past)


@dataclass(frozen=True, slots=True)
class MonthlyDay:
    """ "the 24th": the last one."""

    day: int

    def on(self, today: date) -> Days | None:
        for back in range(3):  # two months without a 31st never follow each other
            first = add_months(today, -back)
            day = first + DAY * (self.day - 1)
            if day.month == first.month and day <= today:
                return one(day)
        return None


@dataclass(frozen=True, slots=True)
class WeeksBack:
    """ "two Fridays ago", "the Saturday before last": the last such day (never today), and so many weeks before it."""

    weekday: int
    weeks: int

    def on(self, today: date) -> Days:
        back = (today.weekday() - self.weekday) % 7 or 7
        return one(today - DAY * back - timedelta(weeks=self.weeks))
