"""Which candidates are place names? A small boosted classifier over the features of each, then the likeliest."""

from collections.abc import Sequence

import numpy as np

from processors.places import span_features, trees
from processors.places.index import Gazetteer
from processors.places.spans import Line, Span

MODEL = "recogniser"
LONGER = 0.1  # added to the chance of a known name for each word beyond the first
THRESHOLD = 0.42  # a low one pays: a name that was left out cannot be right


def recognise(lines: Sequence[Line], gazetteer: Gazetteer) -> list[list[tuple[Span, float]]]:
    """For each line its place names, in order, with their probabilities."""
    context = span_features.Context(lines)
    rows = [span_features.features(line, context, gazetteer) for line in lines]
    if not rows:
        return []
    chances = trees.load(MODEL, span_features.NAMES).probability(np.concatenate(rows))
    ends = np.cumsum([len(block) for block in rows])
    return [pick(line.spans, chances[end - len(line.spans) : end]) for line, end in zip(lines, ends, strict=True)]


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
