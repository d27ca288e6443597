"""The time zone of a place."""

from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from processors.lexicon.load import load

Finder = object


@cache
def _finder() -> "Finder":
    from timezonefinder import TimezoneFinder

    return TimezoneFinder(in_memory=False)


@lru_cache(maxsize=4096)
def _zone_near(lat: float, lon: float) -> str | None:
    return _finder().timezone_at(lat=lat, lng=lon)  # type: ignore[attr-defined, no-any-return]


def zone_of(lat: float, lon: float) -> str | None:
    """IANA name of the zone at a point (WGS84 degrees, taken to a tenth of a degree); None outside all zones."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    return _zone_near(round(lat, 1), round(lon, 1))


def zone_of_country(code: str | None) -> str | None:
    """The zone of a country that has only one; None for others. `code` is ISO 3166-1 alpha-2."""
    return load("zones", dict[str, str], "places").get(code.upper()) if code else None


@lru_cache(maxsize=512)
def zone(name: str | None) -> ZoneInfo:
    """The zone's rules; UTC where the zone is unknown."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local(moment: datetime, tz: str | None) -> datetime:
    """An instant as naive local time."""
    return moment.astimezone(zone(tz)).replace(tzinfo=None)


def instant(moment: datetime, tz: str | None, offset: int | None = None) -> datetime:
    """Naive local time as an instant in UTC; with `offset` (minutes east) it is time of that zone."""
    if offset is not None:
        return (moment - timedelta(minutes=offset)).replace(tzinfo=zone("UTC"))
    return moment.replace(tzinfo=zone(tz)).astimezone(zone("UTC"))
