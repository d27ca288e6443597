"""When to ask a source again: pure functions of what the publisher says and how the last polls went."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

FLOOR = timedelta(seconds=30)  # never asked more often, whatever is set
CEILING = timedelta(hours=24)  # never left alone for longer, whatever the publisher says
BUSY = timedelta(minutes=15)  # after 429 or 503 without Retry-After
JITTER = 0.1  # share of the wait by which it varies, both ways
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Hints(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed says in its own body about how often it changes. Hours 0-23 and days are GMT."""

    ttl: timedelta | None = None  # <ttl> or sy:updatePeriod / sy:updateFrequency
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()


def after_success(
    now: datetime, interval: timedelta, headers: Mapping[str, str], hints: Hints, jitter: float
) -> datetime:
    """The next poll after an answer that could be used. `jitter` is a random number from 0 to 1."""
    asked = [interval, hints.ttl or FLOOR, max_age(headers) or FLOOR, expires_in(headers, now) or FLOOR]
    wait = min(max(*asked, FLOOR), CEILING)
    return allowed(now + _spread(wait, jitter), hints)


def after_failure(
    now: datetime, interval: timedelta, failures: int, status: int | None, headers: Mapping[str, str], jitter: float
) -> datetime:
    """The next poll after the `failures`-th failure in a row: doubled up to a day, never given up."""
    wait = min(max(interval, FLOOR) * 2 ** min(max(failures - 1, 0), 10), CEILING)
    if status in (429, 503):
        wait = max(wait, retry_after(headers, now) or BUSY)
    return now + _spread(min(wait, CEILING), jitter)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After in seconds or as an HTTP date (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), int(CEILING.total_seconds())))
    return _until(value, now)


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """Cache-Control max-age; None where the answer must not be kept."""
    directives = [part.strip().lower() for part in headers.get("cache-control", "").split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return None
    for directive in directives:
        name, _, value = directive.partition("=")
        value = value.strip('" ')
        if name.strip() == "max-age" and value.isascii() and value.isdigit():
            return timedelta(seconds=min(int(value[:9]), int(CEILING.total_seconds())))
    return None


def expires_in(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Expires, where Cache-Control does not overrule it (RFC 9111, 5.3)."""
    if "cache-control" in headers:
        return None
    return _until(headers.get("expires", ""), now)


def allowed(when: datetime, hints: Hints) -> datetime:
    """The first moment from `when` on that lies in no skipped hour or day; `when` itself if all are skipped."""
    moment = when
    for _ in range(24 * 8):
        gmt = moment.astimezone(UTC)
        if gmt.hour not in hints.skip_hours and DAYS[gmt.weekday()] not in hints.skip_days:
            return moment
        moment = gmt.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return when


def _until(value: str, now: datetime) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(moment - now, timedelta(0)), CEILING)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _spread(wait: timedelta, jitter: float) -> timedelta:
    return max(wait * (1 + JITTER * (2 * jitter - 1)), FLOOR)
