"""Which level of area do the words beside a name ask for, and which words put a name into the area behind it?"""

import re
from functools import cache

from processors.places import lexicon
from processors.places.records import Kind

_KINDS = {"town": (Kind.TOWN, Kind.QUARTER), "district": (Kind.DISTRICT,), "province": (Kind.PROVINCE,)}


def units_told(before: str, name: str, after: str) -> frozenset[Kind]:
    """Kinds that the word after a name, at its end, or before "of" it asks for; none where no such word stands there."""
    told = [m[1].lower() for m in (_after().search(after), _before().search(before)) if m]
    told += [name.rpartition(" ")[2].lower()] if " " in name else []
    return frozenset(kind for word in told for kind in kinds_of(word))


def kinds_of(word: str) -> frozenset[Kind]:
    """The kinds that a unit's word asks for; one word may be a unit's of several levels ("governorate")."""
    units = lexicon.words().units
    levels = (("town", units.town), ("district", units.district), ("province", units.province))
    return frozenset(kind for level, words in levels if word in words for kind in _KINDS[level])


def puts_into(gap: str) -> bool:
    """Do the words between two names put the first into the second: "X, Ohio", "X village of the Y district in Z"?"""
    return bool(_within().fullmatch(gap))


@cache
def unit_words() -> str:
    """Alternatives of a pattern: every unit's word, the longest first."""
    units = lexicon.words().units
    return lexicon.either(units.town | units.district | units.province)


@cache
def part_words() -> str:
    """Alternatives of a pattern: units, and what lies in them: village, camp, quarter."""
    units = lexicon.words().units
    return lexicon.either(units.town | units.district | units.province | units.part)


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"^\s({unit_words()})(?![\w-])", re.I)


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])({unit_words()}) of (?:the )?$", re.I)


@cache
def _within() -> re.Pattern[str]:
    words = rf"(?:in|of|the|an?|{part_words()}|[\w-]+ern|restive|remote|border)"
    return re.compile(
        rf"\s?[,(]\s?(?:{words}\s)*|"
        rf"\s(?:{part_words()})\s?[,(]\s?(?:{words}\s)*|"
        rf"(?:\s(?:{part_words()}))?,?\s(?:in|of)\s(?:the\s)?(?:[\w-]+\s){{0,2}}(?:(?:{unit_words()})\sof\s)?(?:the\s)?",
        re.I,
    )
