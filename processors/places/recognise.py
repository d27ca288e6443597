"""Which candidates are place names? A small boosted classifier over the features of each, then the likeliest."""

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from processors.places import lexicon, span_features, trees
from processors.places.index import Gazetteer
from processors.places.names import How
from processors.places.spans import Line, Span

MODEL = "recogniser"
LONGER = 0.1  # added to the chance of a known name for each word beyond the first
THRESHOLD = 0.42  # a low one pays: a name that was left out cannot be right
COMMON = 0.5  # share of the chance that is left to a name without a capital among names that have one
_POLICE = re.compile(r"\s(?:(?:[Cc]ity|[Cc]ounty|[Mm]etropolitan)\s)?(?:[Pp]olice|[Ss]heriff|[Ff]ire [Dd]epartment)\b")
TOLD = 0.6  # chance, at the least, of a known name whose neighbours say that it is one ("at the Kalsu base")


def recognise(lines: Sequence[Line], gazetteer: Gazetteer) -> list[list[tuple[Span, float]]]:
    """For each line its place names, in order, with their probabilities."""
    context = span_features.Context(lines)
    rows = [span_features.features(line, context, gazetteer) for line in lines]
    if not rows:
        return []
    chances = trees.load(MODEL, span_features.NAMES).probability(np.concatenate(rows))
    signs = (_sited, _unit, _patrolled)
    told = np.array([any(sign(line, span) for sign in signs) for line in lines for span in line.spans], dtype=bool)
    chances = np.where(told, np.maximum(chances, TOLD), chances)
    common = np.array([_common(line, span) for line in lines for span in line.spans], dtype=bool)
    chances = np.where(common, chances * COMMON, chances)
    ends = np.cumsum([len(block) for block in rows])
    return [pick(line.spans, chances[end - len(line.spans) : end]) for line, end in zip(lines, ends, strict=True)]


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
    """Whether a known name is written with its unit: "Harrow State", "Harrow Province"."""
    last = line.words[span.last].text
    return span.match is not None and span.last > span.first and last[0].isupper() and last.lower() in _unit_words()


def _patrolled(line: Line, span: Span) -> bool:
    """Whether a town's own name stands before the word for its police."""
    own = span.match is not None and span.match.how is How.STRICT and bool(span.match.primary.any())
    return own and bool(_POLICE.match(line.text, span.end - line.start))


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
