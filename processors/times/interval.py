"""From a time expression to an interval in UTC, once the place's zone is known."""

from datetime import UTC, datetime

from processors.model import When
from processors.times.expression import TimeExpression
from processors.times.reading import Moments
from processors.times.zones import instant, local


def resolve_interval(expression: TimeExpression, tz: str | None, published: datetime) -> When:
    """When it was: UTC start and end (exclusive), the calendar day at the place. `published` is timezone-aware.

    The words are read again on the local day of publication: "today" at 22:00 UTC is a day later further east.
    """
    anchor = expression.written or local(published, tz)
    moments = expression.reading.at(anchor, zone_known=tz is not None)
    if moments is None:
        moments = Moments(expression.first, expression.until, expression.precision, None)
    clock = expression.reading.clock
    offset = clock.offset if clock else None
    start, end = (_utc(moment, tz, offset) for moment in (moments.first, moments.until))
    return When(
        start=start, end=max(start, end), precision=moments.precision, tz=tz, text=expression.text,
        local_date=_local_date(moments, start, tz, offset),
    )  # fmt: skip


def _utc(moment: datetime, tz: str | None, offset: int | None) -> datetime:
    return instant(moment, tz, offset).astimezone(UTC)


def _local_date(moments: Moments, start: datetime, tz: str | None, offset: int | None) -> str | None:
    """The day at the place: what the words say, or that of a clock time told in another zone."""
    if moments.day is None:
        return None
    day = local(start, tz).date() if offset is not None and tz is not None else moments.day
    return day.isoformat()
