"""When two texts say the same."""

import hashlib

from processors.normalize import plain_text


def digest(title: str, body: str) -> str:
    """Changes when the words do, not when only markup or tracking links do."""
    words = " ".join(f"{plain_text(title)}\n{plain_text(body)}".split())
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
