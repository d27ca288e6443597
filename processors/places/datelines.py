"""Which place names are datelines: where a report was written, not where it happened?"""

import re
from collections.abc import Sequence

from processors.extract.analysis import Analysis
from processors.places.toponyms import Toponym

_FOLLOWS = re.compile(  # "KYIV, Sept 4 (Agency) -", "Kabul — ", "JAMMU, SEP 8:", "LAGOS (Agency) "
    r"(?P<more>(?:, ?[A-Z][\w .]{1,28})?(?:, [^—–():]{1,20})?) ?"
    r"(?:(?P<source>\((?:[A-Z][\w ./-]{1,24})\))\s*[-—–:]{0,2}\s|(?P<dash>\s[-—–]{1,2}\s|[—–]\s?)|(?P<colon>: ))"
)


def datelines(analysis: Analysis, toponyms: Sequence[Toponym]) -> frozenset[int]:
    """Offsets at which the body's datelines start. All capitals with a colon count too, a plain "Kherson:" does not."""
    starts = {s.start for s, before in zip(analysis.sentences, [None, *analysis.sentences], strict=False)
              if s.kind == "body" and (before is None or before.paragraph != s.paragraph)}  # fmt: skip
    found = set()
    for toponym in toponyms:
        if not any(0 <= toponym.start - start < 3 for start in starts):
            continue
        rest = analysis.text[toponym.end : toponym.end + 90]
        follows = _FOLLOWS.match(rest)
        if follows and (follows["source"] or follows["dash"] or toponym.text.isupper() and not rest[:60].isupper()):
            found.add(toponym.start)
    return frozenset(found)
