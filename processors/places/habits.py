"""How is a word used in running text: in lower case, in names of people, of places, of organisations?

Counts over unlabelled news texts, kept under hashes of the words, so the table holds no text (NOTICE says of which texts).
`tools/train/word_habits.py` counts them; the recogniser is trained on the table that it comes with. One byte a count,
16 x log2(1 + n).
"""

from functools import cache
from importlib.resources import files

import numpy as np
import xxhash

from processors.errors import ResourceError

SLOTS = 1 << 16
USES = ("lower", "capital", "person", "place", "organisation")
NEVER = (0.0,) * len(USES)


@cache
def _table() -> bytes:
    try:
        content: bytes = (files("processors.places") / "word_habits.bin").read_bytes()
    except OSError as error:
        raise ResourceError("processors/places/word_habits.bin is missing") from error
    if len(content) != SLOTS * len(USES):
        raise ResourceError("processors/places/word_habits.bin is damaged")
    return content


def slot(word: str) -> int:
    """Where a word (in any case) stands in the table."""
    return xxhash.xxh3_64_intdigest(word.lower().encode()) % SLOTS


def habits(word: str) -> tuple[float, ...]:
    """log2(1 + n) of each of USES for one word."""
    at = slot(word) * len(USES)
    return tuple(value / 16 for value in _table()[at : at + len(USES)])


def packed(counts: np.ndarray) -> bytes:
    """Counts (SLOTS x USES) as the file holds them."""
    return bytes(np.minimum(255, np.round(16 * np.log2(1 + counts))).astype("u1").data)
