"""Phrase → the places it may mean: by abbreviation, adjective, strict key, loose key, and without generic words."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np

from processors.places import lexicon
from processors.places.index import Gazetteer
from processors.places.keys import key, loose
from processors.places.records import PRIMARY, ROW, Kind

MOST = 40  # candidates of a name that are weighed
_ACRONYM = re.compile(r"[A-Z]{2,}[a-z]{1,2}")  # "IEDs", "MPs": no town of those letters
CACHED = 20_000  # phrases of one gazetteer that are remembered


class How(IntEnum):
    """By which road a phrase was found."""

    STRICT = 0
    LOOSE = 1
    GENERIC = 2  # only without "city of", "county" …
    ADJECTIVE = 3
    ABBREVIATION = 4


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """The candidates of a phrase: rows of the gazetteer, and which of them bear the phrase as their own name."""

    rows: np.ndarray
    primary: np.ndarray
    how: How


class Names:
    """Looks phrases up in one gazetteer and remembers them."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._found: dict[str, Match | None] = {}

    def match(self, phrase: str) -> Match | None:
        """The places that `phrase` may mean; None where the gazetteer has none."""
        if phrase not in self._found:
            if len(self._found) >= CACHED:
                self._found.clear()
            self._found[phrase] = self._look_up(phrase)
        return self._found[phrase]

    def _look_up(self, phrase: str) -> Match | None:
        strict = key(phrase)
        if not strict or _ACRONYM.fullmatch(phrase):
            return None
        if strict in lexicon.words().stop.words and phrase not in lexicon.abbreviations():
            return None
        return self._abbreviated(phrase) or self._adjective(strict) or self._named(strict) or self._generic(strict)

    def _abbreviated(self, phrase: str) -> Match | None:
        rows = [self.gazetteer.province_rows.get(unit) for unit in lexicon.abbreviations().get(phrase, ())]
        found = [row for row in rows if row is not None]
        return _match(found, How.ABBREVIATION) if found else None

    def _adjective(self, strict: str) -> Match | None:
        if country := lexicon.demonyms().get(strict):
            row = self.gazetteer.country_rows.get(country)
            return _match([row], How.ADJECTIVE) if row is not None else None
        if region := lexicon.regional_demonyms().get(strict):
            rows = self.gazetteer.rows(region)
            areas = [int(r) for r in rows if self.gazetteer.columns["kind"][r] >= Kind.PROVINCE]
            return _match(areas, How.ADJECTIVE) if areas else None
        return None

    def _named(self, strict: str) -> Match | None:
        found = self.gazetteer.postings(strict)
        how = How.STRICT
        if not (found & PRIMARY).any():  # no place's own name: "St Harrow" may be short for one's
            found = np.concatenate([found, *(self.gazetteer.postings(form) for form in _saints(strict))])
        if not len(found):
            found, how = self.gazetteer.postings(strict, loose(strict)), How.LOOSE
        return self._capped(found, how) if len(found) else None

    def _generic(self, strict: str) -> Match | None:
        shorter = strict
        while (cut := _generic_words().sub("", shorter, count=1)) != shorter and len(cut) > 2:
            shorter = cut
            found = self.gazetteer.postings(shorter)
            if len(found):
                return self._capped(found, How.GENERIC)
        return None

    def _capped(self, postings: np.ndarray, how: How) -> Match:
        rows, primary = postings & ROW, (postings & PRIMARY) > 0
        if len(rows) > MOST:
            columns = self.gazetteer.columns
            weight = columns["population"][rows] + 1e10 * (columns["kind"][rows] >= Kind.PROVINCE) + 10.0 * primary
            kept = np.argsort(-weight, kind="stable")[:MOST]
            rows, primary = rows[kept], primary[kept]
        return Match(rows.astype(np.intp), primary, how)


def _saints(strict: str) -> tuple[str, ...]:
    """The other spelling of a name that begins with "Saint" or "St"."""
    first, _, rest = strict.partition(" ")
    other = {"st": "saint", "saint": "st", "ste": "sainte", "sainte": "ste"}.get(first)
    return (f"{other} {rest}",) if other and rest else ()


def _match(rows: list[int], how: How) -> Match:
    return Match(np.array(rows, dtype=np.intp), np.ones(len(rows), dtype=bool), how)


@cache
def _generic_words() -> re.Pattern[str]:
    generic = lexicon.words().generic
    before = "|".join(sorted(map(re.escape, generic.before), key=len, reverse=True))
    after = "|".join(sorted(map(re.escape, generic.after), key=len, reverse=True))
    return re.compile(rf"^(?:{before}) (?=\w)| (?:{after})$")
