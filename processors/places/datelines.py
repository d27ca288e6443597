"""Which place names are datelines: where a report was written, not where it happened?"""

import re
from collections.abc import Sequence

from processors.extract.analysis import Analysis
from processors.places.toponyms import Toponym

_FOLLOWS = re.compile(  # "KYIV, Sept 4 (Agency) -", "Harrow, Hw.- ", "JAMMU, SEP 8:", "DENVER, Colo. (Agency) "
    r"(?:(?:, ?| )(?:[A-Z][\w.]*+|\d{1,4}+))*+,? ?"  # possessive: shouted text must not be tried in every division
    r"(?:(?P<source>\((?:[\w][\w ,./-]{1,30})\))|(?P<dash>\s[-—–]{1,2}\s|(?<=\.)[-—–]\s|[—–]\s?|--)|(?P<colon>: ))"
)
_BRACKETED = re.compile(r", ?[A-Z][\w. ]{1,20}\)\s?(?:--|[—–-] )")  # "(HARROW, Ohio)--"
NEAR = 60  # characters behind a dateline's town in which its sign must come


def datelines(analysis: Analysis, toponyms: Sequence[Toponym]) -> frozenset[int]:
    """Offsets of the names in the body's datelines, the town's first. All capitals with a colon count, "Kherson:" does not.

    A town in capitals stuck to the word before it ("… News.comDENVER (Agency)") is one too: scraped titles run into the text.
    """
    starts = {
        s.start
        for s, before in zip(analysis.sentences, [None, *analysis.sentences], strict=False)
        if s.kind == "body" and (before is None or before.paragraph != s.paragraph)
    }
    found: set[int] = set()
    for toponym in toponyms:
        if analysis.text[toponym.start - 1 : toponym.start] == "(" and (
            bracketed := _BRACKETED.match(analysis.text, toponym.end)
        ):
            found |= {t.start for t in toponyms if toponym.start <= t.start < bracketed.end()}
            continue
        glued = toponym.text.isupper() and analysis.text[toponym.start - 1 : toponym.start].isalnum()
        if glued or any(0 <= toponym.start - start < 3 for start in starts):
            found |= _dateline(analysis.text, toponym, toponyms)
    return frozenset(found)


def _dateline(text: str, town: Toponym, toponyms: Sequence[Toponym]) -> set[int]:
    """The town's offset and those of the areas named with it; none where no sign of a dateline follows."""
    rest = text[town.end : town.end + NEAR]
    follows = _FOLLOWS.match(rest)
    if not follows or not (follows["source"] or follows["dash"] or town.text.isupper() and not rest.isupper()):
        return set()
    return {t.start for t in toponyms if town.start <= t.start < town.end + follows.end()}
