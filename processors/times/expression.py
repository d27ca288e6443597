"""A time expression found in a text, with its calendar value."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from processors.model import TimePrecision
from processors.times.reading import Moments, Reading

TimeKind = Literal["absolute", "relative", "anaphoric"]
FORMATS: dict[str, str] = {
    "minute": "%Y-%m-%dT%H:%M",
    "hour": "%Y-%m-%dT%H:%M",
    "day": "%Y-%m-%d",
    "month": "%Y-%m",
    "year": "%Y",
}


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Offsets are characters of the text. `value`, `end_value` (inclusive, None where one value says all) are ISO-8601
    of the known precision. `first` and `until` (exclusive) are naive local time. `reading` is what the words say, to be
    dated again once the place and so its zone is known.
    """

    start: int
    end: int
    text: str
    value: str
    end_value: str | None
    precision: TimePrecision
    kind: TimeKind
    first: datetime
    until: datetime
    reading: Reading
    looks_ahead: bool = False  # the words around it speak of what is to come
    written: datetime | None = None  # when the text says that it was written, where that is before its publication
    of_next: bool = False  # it dates what the clause behind it tells, nothing else: "two days after a mine killed him"


def value_of(moment: datetime, precision: TimePrecision) -> str:
    """ISO-8601 of that precision: `2024-W16`, `2024-04-21T05:30`."""
    if precision == "week":
        year, week, _ = moment.isocalendar()
        return f"{year}-W{week:02d}"
    return moment.strftime(FORMATS[precision])


def values_of(moments: Moments) -> tuple[str, str | None]:
    """First and last value; no last one where it says nothing more."""
    first = value_of(moments.first, moments.precision)
    if moments.precision in ("minute", "hour") and moments.until - moments.first <= timedelta(hours=1):
        return first, None
    if moments.precision in ("minute", "hour"):
        return first, value_of(moments.until - timedelta(minutes=1), "minute")
    last = value_of(moments.until - timedelta(minutes=1), moments.precision)
    return first, last if last != first else None
