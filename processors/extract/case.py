"""In which case to read a text: ALL CAPS and Capitalised Headlines back to ordinary writing, letter by letter.

The parser was trained on ordinary writing; shouted text misleads it. Restoring never changes a text's length.
"""

import re
from collections.abc import Callable
from functools import cache

from processors.lexicon.load import binary

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
ENDINGS = (  # a regular ending, and what stands for it in the word without it
    ("ies", "y"), ("ied", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"),
    ("ly", ""), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("est", ""), ("'s", ""), ("’s", ""),
)  # fmt: skip
SMALL = frozenset(
    ("a", "an", "the", "of", "in", "on", "at", "by", "for", "to", "from", "with", "and", "or", "but", "nor", "as", "is")
)
ACRONYM = 5  # an unknown word of at most so many letters without a vowel keeps its capitals


def shouted(text: str) -> bool:
    """Whether at least four fifths of the letters (and two words) are upper case."""
    upper = sum(map(str.isupper, text))
    letters = sum(map(str.isalpha, text))
    return letters >= 8 and upper >= 0.8 * letters and len(WORD.findall(text)) >= 2


def capitalised_headline(text: str) -> bool:
    """Whether nearly every longer word starts with a capital, as in American headlines."""
    words = [w for w in WORD.findall(text) if len(w) > 3]
    return len(words) >= 4 and sum(w[0].isupper() for w in words) >= 0.9 * len(words)


def restore(text: str) -> str:
    """The text as it would ordinarily be written; same length. Names keep their capital, shouted names get one only."""
    if shouted(text):
        return _restored(text, _quiet)
    return _restored(text, _headline) if capitalised_headline(text) else text


def ordinary(word: str) -> bool:
    """Whether a word (any case) is ordinarily written in lower case."""
    word, known = word.lower(), _lower_words()
    if word in known or word in SMALL:
        return True
    for ending, stem in ENDINGS:
        root = word.removesuffix(ending)
        if root != word and (root + stem in known or (len(root) > 3 and root[-1] == root[-2] and root[:-1] in known)):
            return True
    return False


def _restored(text: str, one: Callable[[str, bool], str]) -> str:
    pieces: list[str] = []
    at, first = 0, True
    for match in WORD.finditer(text):
        between = text[at : match.start()]
        first = first or any(c in ".!?:" for c in between)
        pieces += [between, one(match[0], first)]
        at, first = match.end(), False
    return "".join([*pieces, text[at:]])


def _quiet(word: str, first: bool) -> str:
    lower = word.lower()
    if len(lower) != len(word):
        return word
    if ordinary(lower):
        return lower[0].upper() + lower[1:] if first else lower
    if len(lower) <= ACRONYM and not re.search("[aeiou]", lower):
        return word
    return lower[0].upper() + lower[1:]


def _headline(word: str, first: bool) -> str:
    lower = word.lower()
    usual = word[1:].islower() and len(lower) == len(word)
    return lower if usual and not first and ordinary(word) else word


@cache
def _lower_words() -> frozenset[str]:
    return frozenset(binary("lower_words.txt").decode("ascii").split())
