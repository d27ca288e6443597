"""On which day does a text say that it was written? Its dateline's or its label's: a feed may bring it days later."""

import re
from datetime import datetime, time, timedelta

from processors.times.atoms import Atom
from processors.times.days import Exact, MonthDay
from processors.times.lexicon import Grammar

HEAD = 400  # characters in which a dateline or label is looked for
WRITTEN = time(20, 0)  # hour that is taken for that of writing
OLDEST = {Exact: timedelta(days=1000), MonthDay: timedelta(days=60)}  # by whether the label names its year
_TOWN = re.compile(r"(?:^|\n|\.com|\W{2})\W{0,2}[A-Z]{3,}[\w .,'’-]{0,40}[,(]\s*$")  # "KHOST, Afghanistan, "


def written_on(text: str, lower: str, groups: list[Atom], anchor: datetime, words: Grammar) -> datetime | None:
    """The evening of the day, in local time, where it lies before `anchor`'s; None where the text says none."""
    for atom in groups:
        if atom.start > HEAD:
            return None
        oldest = OLDEST.get(type(atom.day)) if atom.day else None
        if oldest is None or atom.day is None or not _is_label(text, lower, atom, words):
            continue
        days = atom.day.on(anchor.date())
        if days and days.first == days.last and timedelta() < anchor.date() - days.first <= oldest:
            return datetime.combine(days.first, WRITTEN)
    return None


def _is_label(text: str, lower: str, atom: Atom, words: Grammar) -> bool:
    told = words.words
    if told.label_before and re.search(told.label_before, lower[: atom.start]):
        return True
    dateline = _TOWN.search(text[: atom.start]) and not text[atom.end : atom.end + 80].isupper()
    return bool(dateline and told.label_after and re.match(told.label_after, lower[atom.end :]))
