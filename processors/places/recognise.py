"""Which candidates are place names? A small boosted classifier over the features of each, then the likeliest."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np

from processors.extract.actors.names import find_names
from processors.places import lexicon, span_features, trees
from processors.places.index import Gazetteer
from processors.places.names import How
from processors.places.spans import FLAG, Line, Span

MODEL = "recogniser"
LONGER = 0.1  # added to the chance of a known name for each word beyond the first
THRESHOLD = 0.42  # a low one pays: a name that was left out cannot be right
COMMON = 0.5  # share of the chance that is left to a name without a capital among names that have one
_FLAG_BEFORE = re.compile(rf"{FLAG.pattern}$")
_TOWNSHIP = re.compile(r"\w (?:Township|District|County|Province|Governorate|Commune|Municipality|Subdistrict)$")
TOLD = 0.6  # chance, at the least, of a known name whose neighbours say that it is one ("at the Kalsu base")
GROUPS = frozenset({"armed_group", "criminal_group"})
_OWNER = re.compile(
    r"['’]s (?:(?:[\w-]+ern|restive|volatile|troubled|remote|coastal|border|occupied|capital|port|city|town|of) )*$"
)
_PLACED = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Tt]own of|[Cc]ity of|[Vv]illage of) $")
SURE_UNITS = frozenset({"province", "governorate", "oblast", "district", "county"})  # "Harrow province"
_POLICE = re.compile(r"\s(?:(?:[Cc]ity|[Cc]ounty|[Mm]etropolitan)\s)?(?:[Pp]olice|[Ss]heriff|[Ff]ire [Dd]epartment)\b")
_DATELINE = re.compile(r"\s?(?:--|[—–]|-\s)|,?\s[\w. ]{0,20}(?:--|[—–]|\([A-Z])")


def recognise(lines: Sequence[Line], gazetteer: Gazetteer) -> list[list[tuple[Span, float]]]:
    """For each line its place names, in order, with their probabilities."""
    context = span_features.Context(lines)
    rows = [span_features.features(line, context, gazetteer) for line in lines]
    if not rows:
        return []
    chances = weighed(lines, trees.load(MODEL, span_features.NAMES).probability(np.concatenate(rows)))
    ends = np.cumsum([len(block) for block in rows])
    return [pick(line.spans, chances[end - len(line.spans) : end]) for line, end in zip(lines, ends, strict=True)]


def weighed(lines: Sequence[Line], chances: np.ndarray) -> np.ndarray:
    """The model's chances of all spans, line by line: raised where the neighbours say that a name is a place's, lowered
    where the name is a common word.
    """
    told = np.array([any(sign(line, span) for sign in SIGNS) for line in lines for span in line.spans], dtype=bool)
    chances = np.where(told, np.maximum(chances, TOLD), chances)
    common = np.array([_common(line, span) for line in lines for span in line.spans], dtype=bool)
    groups = np.array([_group(line, span) for line in lines for span in line.spans], dtype=bool)
    return np.where(groups, 0.0, np.where(common, chances * COMMON, chances))


def _group(line: Line, span: Span) -> bool:
    """Whether an armed group or gang bears the name, or one that holds it ("the Harrow Cartel"), and no word says that
    a place is meant.
    """
    if span.match is not None and span.match.how is How.ADJECTIVE:
        return False
    start, end = span.start - line.start, span.end - line.start
    if _PLACED.search(line.text[:start]):
        return False
    return any(first <= start and end <= last for first, last in _groups(line.text))


@lru_cache(maxsize=1024)
def _groups(text: str) -> tuple[tuple[int, int], ...]:
    """Where the groups' names begin and end."""
    names = ((start, end, known) for start, end, known in find_names(text) if known.sort == "alias")
    return tuple((start, end) for start, end, known in names if all(o.kind in GROUPS for o in known.options))


def _common(line: Line, span: Span) -> bool:
    """Whether a name is written without a capital where others have one: "hid in the bush"."""
    if any(c.isupper() for c in span.text) or not span.text[:1].islower():
        return False
    return any(other is not span and other.text[:1].isupper() for other in line.spans)


def _sited(line: Line, span: Span) -> bool:
    """Whether a known name stands before the word for a site, with a preposition before both."""
    if span.match is None or not _site().match(line.text, span.end - line.start):
        return False
    return bool(_toward().search(line.text[: span.start - line.start]))


def _unit(line: Line, span: Span) -> bool:
    """Whether a known name is written with its unit: "Harrow State", "Harrow province"."""
    if span.match is None:
        return False
    last = line.words[span.last].text
    if span.last > span.first and last[0].isupper():
        low = span.text.lower()
        if any(low.endswith(" " + unit) for unit in _unit_words()):
            return True
    follows = line.words[span.last + 1].text if span.last + 1 < len(line.words) else ""
    return span.match.how <= How.LOOSE and follows in SURE_UNITS


def _patrolled(line: Line, span: Span) -> bool:
    """Whether a town's own name stands before the word for its police."""
    return _is_own(span) and bool(_POLICE.match(line.text, span.end - line.start))


def _assaulted(line: Line, span: Span) -> bool:
    """Whether a place's own name stands behind a verb whose object is a place: "stormed Harrow"."""
    if not _is_own(span) or not _assault().search(line.text[: span.start - line.start]):
        return False
    return not line.text[span.end - line.start :].lstrip(" ")[:1].isupper()


def _headed(line: Line, span: Span) -> bool:
    """Whether a known name in capitals begins the line as a dateline does: "HARROW -- ", "HARROW, Ohio (Agency) "?"""
    before, after = line.text[: span.start - line.start], line.text[span.end - line.start :]
    if (
        span.match is None or not span.text.isupper() or " OF " in span.text
    ):  # of "CITY OF HARROW" only the name is read
        return False
    return not before.strip() and bool(_DATELINE.match(after))


def _flagged(line: Line, span: Span) -> bool:
    """Whether a place's own name stands behind a country's flag."""
    if not _is_own(span) or not _FLAG_BEFORE.search(line.text[: span.start - line.start]):
        return False
    follows = line.words[span.last + 1].text if span.last + 1 < len(line.words) else ""
    return not (follows[:1].isupper() and follows[1:].islower())  # of "Harrow Hill" Harrow is a part


def _township(line: Line, span: Span) -> bool:  # noqa: ARG001 - one of SIGNS
    """Whether an unknown name that the parser takes for one ends in the word for a unit: "Harrow Township"."""
    return span.match is None and span.label in ("GPE", "LOC", "FAC") and bool(_TOWNSHIP.search(span.text))


def _tagged(line: Line, span: Span) -> bool:
    """Whether a place's own name is written as one word behind a "#": "#NewHarrow"."""
    tag = line.text[span.start - line.start - 1 : span.start - line.start] == "#"
    return tag and not span.text[1:].islower() and not span.text.isupper() and _is_own(span)


def _owned(line: Line, span: Span) -> bool:
    """Whether a known name stands behind its country's: "Ruritania's restive Harrow"."""
    owner = _OWNER.search(line.text[: span.start - line.start]) if span.match is not None else None
    if owner is None or span.match is None or span.match.how > How.LOOSE:
        return False
    return any(other.end == line.start + owner.start() and other.label == "GPE" for other in line.spans)


SIGNS = (_flagged, _tagged, _owned, _township, _sited, _unit, _patrolled, _assaulted, _headed)


def _is_own(span: Span) -> bool:
    """Whether a place bears the very name."""
    return span.match is not None and span.match.how is How.STRICT and bool(span.match.primary.any())


@cache
def _unit_words() -> frozenset[str]:
    units = lexicon.words().units
    return frozenset(units.province) | frozenset(units.district)


@cache
def _site() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{'|'.join(map(re.escape, lexicon.words().sites.words))})\b")


@cache
def _toward() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(lexicon.words().cues.prepositions)})\s(?:the\s)?$", re.I)


@cache
def _assault() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(lexicon.words().cues.assaults)})\s(?:the\s)?$", re.I)


def pick(spans: Sequence[Span], chances: np.ndarray, threshold: float = THRESHOLD) -> list[tuple[Span, float]]:
    """The likeliest spans that do not overlap, in order, a longer known name before its part; none under the threshold."""
    chosen: list[tuple[Span, float]] = []
    longer = np.array([LONGER * (span.last - span.first) * (span.match is not None) for span in spans])
    for at in np.argsort(-chances - longer, kind="stable"):
        if chances[at] < threshold:
            continue
        span = spans[int(at)]
        if not any(span.start < other.end and other.start < span.end for other, _ in chosen):
            chosen.append((span, float(chances[at])))
    return sorted(chosen, key=lambda pair: pair[0].start)
