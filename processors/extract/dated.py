"""Which dates in a sentence are old news, seen from the day of publication?"""

import re
from collections.abc import Iterator
from datetime import datetime

MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
    "october": 10, "november": 11, "december": 12,
}  # fmt: skip
SHORT = {m[:3]: i for m, i in MONTHS.items()} | {"sept": 9}
MONTH = "|".join(sorted([*MONTHS, *SHORT], key=len, reverse=True))
YEAR = re.compile(
    r"(?<![\d,.$€£-])(?:1[89]|20)\d\d(?![\d%]|,\d|\s?(?:people|rounds|metres|km|troops|soldiers|GMT|hours|hrs|homes|houses))"
)
DAY = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m1>{MONTH})|(?P<m2>{MONTH})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?)\b"
    r"(?:,? (?P<year>(?:19|20)\d\d))?",
    re.I,
)
ONLY_MONTH = re.compile(rf"\b(?:in|since|from|of|last|late|early|mid-?) ?(?P<m>{MONTH})\b(?! \d)", re.I)
STALE_DAYS = 21  # a day further back than this is background
STALE_MONTHS = 2


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
    month, day = _month(match["m1"] or match["m2"]), int(match["d1"] or match["d2"])
    year = int(match["year"]) if match["year"] else published.year
    try:
        told = datetime(year, month, day, tzinfo=published.tzinfo)
        if not match["year"] and (told - published).days > 1:
            told = told.replace(year=year - 1)
    except ValueError:
        return False
    return (published - told).days > STALE_DAYS


def _month(name: str) -> int:
    return MONTHS.get(name.lower()) or SHORT[name.lower()]
