"""Round-ups tell several incidents in one paragraph: whether two places of a text stand in different entries."""

import re

BREAK = re.compile(r"[;•|\n]|(?:[.)] |^)[A-ZÀ-Ý]{4,}[A-ZÀ-Ý/ ]*(?:, [\w ]{3,30})?[:.] ")


def apart(text: str, one: int, other: int) -> bool:
    """Whether an entry ends between two offsets: a semicolon, a bullet, a line's end or a heading in capitals."""
    return BREAK.search(text, min(one, other), max(one, other)) is not None
