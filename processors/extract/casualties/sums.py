"""Figures that no single word of the text says: sums and differences, with the words from the first part to the last."""

from collections.abc import Sequence

import msgspec

from processors.model import Count


def added(counts: Sequence[Count], text: str) -> Count:
    """What several counts of different people come to; open above where one of them is."""
    if len(counts) == 1:
        return counts[0]
    highs = [c.max for c in counts]
    high = None if None in highs else sum(h for h in highs if h is not None)
    return _worded(sum(c.min or 0 for c in counts), high, counts, text)


def less(count: Count, lost: Sequence[Count], text: str) -> Count:
    """A count without those of its people who are counted elsewhere."""
    number = sum(c.min or 0 for c in lost)
    if not number:
        return count
    high = None if count.max is None else max(0, count.max - number)
    return _worded(max(0, (count.min or 0) - number), high, [count, *lost], text)


def so_many(number: int, counts: Sequence[Count], text: str) -> Count:
    """A number of people who are told one by one."""
    return _worded(number, number, counts, text)


def _worded(low: int, high: int | None, parts: Sequence[Count], text: str) -> Count:
    """The words of a figure are those from its first part to its last: what lies between is part of the proof."""
    start = min((c.start for c in parts if c.start is not None), default=None)
    end = max((c.end for c in parts if c.end is not None), default=None)
    return msgspec.structs.replace(parts[0], min=low, max=high, text=text[start:end], start=start, end=end)
