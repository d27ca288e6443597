"""Whether a declared language can be that of a text: many feeds declare English out of habit."""

import unicodedata

from processors.normalize import plain_text

READ = 600  # characters
FEW = 12  # letters: fewer say nothing
OTHER_SCRIPTS = frozenset(
    [
        "ar",
        "fa",
        "ur",
        "ps",
        "he",
        "yi",
        "ru",
        "uk",
        "be",
        "bg",
        "mk",
        "kk",
        "ky",
        "tg",
        "mn",
        "zh",
        "ja",
        "ko",
        "hi",
        "bn",
        "ta",
        "te",
        "th",
        "el",
        "ka",
        "hy",
        "am",
        "ti",
        "my",
        "km",
    ]
)
BOTH_SCRIPTS = frozenset(["sr", "uz", "az", "ku", "ms", "ha"])


def believable(lang: str | None, text: str) -> str | None:
    """The declared language; None where the script speaks against it."""
    if lang is None or lang in BOTH_SCRIPTS:
        return lang
    letters = [char for char in plain_text(text[: 4 * READ])[:READ] if char.isalpha()]
    if len(letters) < FEW:
        return lang
    latin = sum(char.isascii() or unicodedata.name(char, "").startswith("LATIN") for char in letters) / len(letters)
    return None if (latin > 0.9 if lang in OTHER_SCRIPTS else latin < 0.3) else lang
