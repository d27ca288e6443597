"""Which dates in a sentence are old news, seen from the day of publication?

A text without a day of publication is read from the first day it names, as news tells its own event first.
"""

import re
from collections.abc import Iterator
from datetime import datetime

MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
}  # fmt: skip
SHORT = {m[:3]: i for m, i in MONTHS.items()} | {"sept": 9}
MONTH = "|".join(sorted([*MONTHS, *SHORT], key=len, reverse=True))
UNITS = "people|rounds|metres|km|troops|soldiers|gmt|hours|hrs|homes|houses"
YEAR = re.compile(rf"(?<![\d,.$€£-])(?:1[89]|20)\d\d(?![\d%]|,\d|\s?(?:{UNITS}))", re.I)
DAY = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m1>{MONTH})"
    rf"|(?P<m2>{MONTH})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)\b"
    r"(?:,? (?P<year>(?:19|20)\d\d))?",
    re.I,
)
ONLY_MONTH = re.compile(rf"\b(?:in|since|from|of|last|late|early|mid-?) ?(?P<m>{MONTH})\b(?! \d)", re.I)
STALE_DAYS = 21  # a day further back than this is background
STALE_MONTHS = 2
DATED_SINCE = 1971  # a publication day before this year stands for none


def reference(text: str, published: datetime) -> datetime | None:
    """The day from which a text is to be read: its publication, else the first day it names, else its latest year."""
    if published.year >= DATED_SINCE:
        return published
    years = [int(m[0]) for m in YEAR.finditer(text)]
    for match in DAY.finditer(text):
        told = _told(match, int(match["year"] or max(years, default=2000)), published)
        if told:
            return told
    return published.replace(year=max(years), month=12, day=31) if years else None


def old_dates(text: str, published: datetime) -> Iterator[tuple[int, int]]:
    """Offsets of dates that lie well before publication: other years, days over three weeks back, months two back."""
    days = list(DAY.finditer(text))
    for match in days:
        if _old_day(match, published):
            yield match.span()
    for match in YEAR.finditer(text):
        part_of_day = any(d.start() <= match.start() < d.end() for d in days)
        if not part_of_day and _old_year(int(match[0]), published):
            yield match.span()
    for match in ONLY_MONTH.finditer(text):
        if (published.month - _month(match["m"])) % 12 >= STALE_MONTHS and (match["m"][0].isupper()):
            yield match.span()


def _old_year(year: int, published: datetime) -> bool:
    """In January last year is not yet old."""
    return year < published.year and (published.year - year > 1 or published.month > 1)


def _old_day(match: re.Match[str], published: datetime) -> bool:
    told = _told(match, int(match["year"] or published.year), published)
    if told and not match["year"] and (told - published).days > 1:
        told = _told(match, published.year - 1, published)
    return told is not None and (published - told).days > STALE_DAYS


def _told(match: re.Match[str], year: int, like: datetime) -> datetime | None:
    """The day that a match names, in the zone of `like`; None if there is no such day."""
    try:
        return datetime(year, _month(match["m1"] or match["m2"]), int(match["d1"] or match["d2"]), tzinfo=like.tzinfo)
    except ValueError:
        return None


def _month(name: str) -> int:
    return MONTHS.get(name.lower()) or SHORT[name.lower()]
