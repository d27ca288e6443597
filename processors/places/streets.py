"""Is a name that some town bears a street's here, or a hospital's where the hurt were brought?"""

import re
from functools import cache

from processors.places import lexicon

_NUMBERED = r"(?:[NSEW]\.? )?\d+(?:st|nd|rd|th)?"
_CROSSED_BEFORE = re.compile(  # "N. 20th & X", "the corner of X", "the intersection of A and X"
    rf"\b{_NUMBERED} (?:&|and) (?:[NSEW]\.? )?$|\b(?:intersection|corner|corners) of (?:[\w.]+ (?:&|and) )?$"
)
_CROSSED_AFTER = re.compile(
    rf" (?:&|and) (?:{_NUMBERED}(?:\W|$)|[\w.'-]+ (?:[Ss]treets|[Aa]venues|[Rr]oads|[Bb]oulevards)\b)"
)
_LINE = re.compile(r" (?:line|Line|streets|Streets|avenues|Avenues)\b")  # "the X line" is a front's or a border's
_BLOCK = re.compile(r"\bblock of (?:[NSEW]\.? |North |South |East |West )?$")  # "the 1500 block of X"


def is_street(before: str, after: str) -> bool:
    """By what stands before and after it: "95th and X", "X Avenue", "the 1500 block of X"."""
    if _CROSSED_BEFORE.search(before) or _BLOCK.search(before):
        return True
    return bool(_CROSSED_AFTER.match(after) or _LINE.match(after) or _street().match(after))


def is_road(name: str) -> bool:
    """ "Interstate 75", "Harrow Avenue": a line, whose town says more of where."""
    return any(c.isdigit() for c in name) or bool(_street().search(name))


def is_hospital(before: str, after: str) -> bool:
    """ "taken to the medical centre in X", "in critical condition at an X hospital"."""
    if not _carried().search(before):
        return False
    return bool(_hospital_in().search(before) or _of_hospital().match(after))


@cache
def _street() -> re.Pattern[str]:
    """Written with a capital: "the X road" may lead from town to town, "X Road" lies in one."""
    words = lexicon.role_cues().streets
    return re.compile(rf" (?:{lexicon.either(frozenset(w.capitalize() for w in words))}|street|avenue|boulevard)\b")


@cache
def _carried() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon.either(lexicon.role_cues().carried)})\b", re.I)


@cache
def _hospital_in() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{lexicon.either(lexicon.role_cues().hospitals)}),? (?:in|at|of) (?:the )?(?:[\w-]+ern )?$", re.I
    )


@cache
def _of_hospital() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[-‑]area| area| general| regional)?\s(?:{lexicon.either(lexicon.role_cues().hospitals)})\b", re.I
    )
