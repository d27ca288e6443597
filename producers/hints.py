"""How often a feed says it changes: <ttl>, sy:updatePeriod, skipHours and skipDays.

feedparser keeps only the last <hour> and <day>, so that these two are read from the channel's head here.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000, "yearly": 31536000}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOURS_LIST = re.compile(rb"<skipHours\b[^>]{0,100}>(.{0,2000}?)</skipHours>", re.S | re.I)
DAYS_LIST = re.compile(rb"<skipDays\b[^>]{0,100}>(.{0,1000}?)</skipDays>", re.S | re.I)
HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.I)
DAY = re.compile(rb"<day>\s*(\w{6,9})\s*</day>", re.I)


class FeedHints(msgspec.Struct, frozen=True, kw_only=True):
    """`ttl` in seconds; hours 0-23 and days are GMT."""

    ttl: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()


def hints_of(head: bytes, feed: Mapping[str, Any]) -> FeedHints:
    """The hints of a feed from its bytes and feedparser's channel."""
    return FeedHints(ttl=_ttl(feed) or _period(feed), skip_hours=_hours(head), skip_days=_days(head))


def _ttl(feed: Mapping[str, Any]) -> int | None:
    value = str(feed.get("ttl") or "").strip()
    return int(value) * 60 if value.isascii() and value.isdigit() and len(value) < 9 else None


def _period(feed: Mapping[str, Any]) -> int | None:
    seconds = PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    often = str(feed.get("sy_updatefrequency") or "1").strip()
    if seconds is None or not often.isascii() or not often.isdigit() or int(often[:6]) == 0:
        return None
    return seconds // int(often[:6])


def _hours(head: bytes) -> tuple[int, ...]:
    listed = HOURS_LIST.search(head)
    # 24 stands for midnight in older RSS
    return tuple(sorted({int(h) % 24 for h in HOUR.findall(listed[1]) if int(h) <= 24})) if listed else ()


def _days(head: bytes) -> tuple[str, ...]:
    listed = DAYS_LIST.search(head)
    found = {day.decode("ascii", "replace").lower() for day in DAY.findall(listed[1])} if listed else set()
    return tuple(day for day in DAYS if day in found)
