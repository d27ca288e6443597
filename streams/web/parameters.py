"""Query strings → what is asked for. What is misspelt is refused, never passed over: a filter that does not filter lies."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import TypeVar, get_args

import msgspec
from starlette.datastructures import QueryParams

from processors.model import EventType, Severity, Status
from streams.web.cursor import Cursor
from streams.web.problems import wrong

SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # least first
MOST_Q = 200  # characters
DEFAULT_LIMIT, MOST_LIMIT = 50, 500
MOST_POINTS = 5000  # features of one GeoJSON answer

T = TypeVar("T")


class Box(msgspec.Struct, frozen=True):
    """Degrees; `west` greater than `east` crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """An incident is wanted if it meets all that is set. Times are of its last change, `since` inclusive, `until`
    exclusive; `happened_since` and `happened_until` likewise of the begin of when it happened.
    """

    status: frozenset[str] = frozenset()
    event_type: frozenset[str] = frozenset()
    severity: frozenset[str] = frozenset()
    country: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    happened_since: datetime | None = None
    happened_until: datetime | None = None
    bbox: Box | None = None
    q: str = ""
    as_of: datetime | None = None


FILTERS = frozenset({*Filters.__struct_fields__, "min_severity"})
PAGING = frozenset({"limit", "cursor"})


def only(query: QueryParams, known: Collection[str]) -> None:
    """Refuses parameters that mean nothing here, and those given twice that take one value."""
    for name in query:
        if name not in known:
            raise wrong(name, f"is no parameter here; there are {', '.join(sorted(known)) or 'none'}")


def filters(query: QueryParams) -> Filters:
    """The filters. Raises Problem that names the parameter."""
    severities = _choice(query, "severity", SEVERITIES)
    if least := _one(query, "min_severity", lambda text: _among(text, SEVERITIES)):
        above = frozenset(SEVERITIES[SEVERITIES.index(least) :])
        if severities and not severities & above:
            raise wrong("severity", f"is below min_severity {least}")
        severities = severities & above if severities else above
    return Filters(
        status=_choice(query, "status", get_args(Status)),
        event_type=_choice(query, "event_type", [each.value for each in EventType]),
        severity=severities,
        country=frozenset(_listed(query, "country", _country)),
        since=_one(query, "since", time),
        until=_one(query, "until", time),
        happened_since=_one(query, "happened_since", time),
        happened_until=_one(query, "happened_until", time),
        bbox=_one(query, "bbox", _box),
        q=_one(query, "q", _words) or "",
        as_of=_one(query, "as_of", time),
    )


def limit(query: QueryParams, default: int = DEFAULT_LIMIT, most: int = MOST_LIMIT) -> int:
    """How many are wanted at most."""
    return _one(query, "limit", lambda text: _number(text, most)) or default


def cursor(query: QueryParams) -> Cursor | None:
    """Where the page before ended; None for the first."""
    return _one(query, "cursor", Cursor.decode)


def version(query: QueryParams) -> int | None:
    """Which version of an incident is wanted."""
    return _one(query, "version", lambda text: _number(text, 2**31))


def as_of(query: QueryParams) -> datetime | None:
    return _one(query, "as_of", time)


def time(text: str) -> datetime:
    """ISO 8601; UTC where it names no zone. A day is its beginning."""
    given = datetime.fromisoformat(text.replace(" ", "+") if re.search(r"T.* \d\d:?\d\d$", text) else text)
    return given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)


def _one(query: QueryParams, name: str, read: Callable[[str], T]) -> T | None:
    given = query.getlist(name)
    if not given:
        return None
    if len(given) > 1:
        raise wrong(name, "is given more than once")
    return _read(name, given[0], read)


def _listed(query: QueryParams, name: str, read: Callable[[str], T]) -> list[T]:
    """Values given again or with commas between."""
    return [_read(name, each.strip(), read) for given in query.getlist(name) for each in given.split(",")]


def _choice(query: QueryParams, name: str, known: Sequence[str]) -> frozenset[str]:
    return frozenset(_listed(query, name, lambda text: _among(text, known)))


def _read(name: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except (ValueError, OverflowError) as error:
        raise wrong(name, f"{text[:80]!r}: {error}") from None


def _among(text: str, known: Sequence[str]) -> str:
    if text not in known:
        raise ValueError(f"is none of {', '.join(known)}")
    return text


def _country(text: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", text):
        raise ValueError("is no ISO 3166-1 code of two letters")
    return text.upper()


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(each) for each in text.split(","))
    except ValueError:
        raise ValueError("is not west,south,east,north in degrees") from None
    if not (abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90):
        raise ValueError("is not west,south,east,north in degrees: south up to north, within ±90; west and east ±180")
    return Box(west, south, east, north)


def _words(text: str) -> str:
    if len(text) > MOST_Q:
        raise ValueError(f"is longer than {MOST_Q} characters")
    return text.strip()


def _number(text: str, most: int) -> int:
    if not re.fullmatch("[0-9]{1,10}", text) or not 1 <= int(text) <= most:
        raise ValueError(f"is no whole number from 1 to {most}")
    return int(text)
