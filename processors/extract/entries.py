"""Round-ups tell several incidents in one paragraph: whether two places of a text stand in different entries."""

import re
from functools import lru_cache

BREAK = re.compile(r"[;•|\n]|(?:[.)] |^)[A-ZÀ-Ý]{4,}[A-ZÀ-Ý/ ]*(?:, [\w ]{3,30})?[:.] ")


MARK = re.compile(r"(?:^|\n|\. )(?:[•–\-▪*]|[A-Z]{4,}[A-Z /]*[:.])")
FEWEST = 3  # entries that make a list


@lru_cache(maxsize=8)
def listed(text: str) -> bool:
    """Whether a text is a list of incidents: bullets, or headings in capitals."""
    return len(MARK.findall(text)) >= FEWEST


def apart(text: str, one: int, other: int) -> bool:
    """Whether an entry ends between two offsets: a semicolon, a bullet, a line's end or a heading in capitals."""
    return BREAK.search(text, min(one, other), max(one, other)) is not None
