"""Finds any of many fixed phrases in a text: longest match first, blind to accents, hyphens, apostrophes and, if
wished, case.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

V = TypeVar("V")
Spans = tuple[tuple[int, int], ...]

WORD = re.compile(r"\w+")
GAP = 3  # characters that may stand between two words of a phrase: a hyphen, an apostrophe, ". "
OPENED = " ("  # "Communist Party of India (Maoist)" is one name
HARD = re.compile(r"[,;:!?()\[\]\"“”\n|]")  # marks that part two phrases


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """A word in the form in which it is compared: lower case, Latin accents off."""
    lowered = word.casefold()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    latin = any("a" <= c <= "z" for c in decomposed)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold() if latin else lowered


def words_of(text: str) -> list[str]:
    return [fold(w) for w in WORD.findall(text)]


class PhraseIndex(Generic[V]):
    """Phrases to values. A phrase that is `exact` must also agree in the case of its letters ("IS", "Grad")."""

    def __init__(self, entries: Iterable[tuple[str, V, bool]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str | None, V]]] = {}
        for phrase, value, exact in entries:
            words = tuple(words_of(phrase))
            if words:
                squeezed = "".join(WORD.findall(phrase)) if exact else None
                self._by_first.setdefault(words[0], []).append((words, squeezed, value))
        for options in self._by_first.values():
            options.sort(key=lambda option: -len(option[0]))

    def find(self, text: str) -> Iterator[tuple[int, int, V]]:
        """(start, end, value) of each phrase in `text`, left to right, none inside another."""
        spans, folded = _words_at(text)
        behind = 0
        for at, word in enumerate(folded):
            if at < behind or word not in self._by_first:
                continue
            if match := self._match(text, spans, folded, at):
                length, value = match
                behind = at + length
                start, end = spans[at][0], spans[behind - 1][1]
                yield start, end + (OPENED in text[start:end] and text[end : end + 1] == ")"), value

    def get(self, phrase: str) -> V | None:
        """The value of the phrase that `phrase` is, as a whole."""
        words = tuple(words_of(phrase))
        for option, squeezed, value in self._by_first.get(words[0], ()) if words else ():
            if option == words and squeezed in (None, "".join(WORD.findall(phrase))):
                return value
        return None

    def _match(self, text: str, spans: Spans, folded: tuple[str, ...], at: int) -> tuple[int, V] | None:
        for words, squeezed, value in self._by_first[folded[at]]:
            end = at + len(words)
            if folded[at:end] != words or not _adjacent(text, spans[at:end]):
                continue
            if squeezed is None or squeezed == "".join(text[a:b] for a, b in spans[at:end]):
                return len(words), value
        return None


@lru_cache(maxsize=512)  # several indexes are asked about one sentence
def _words_at(text: str) -> tuple[Spans, tuple[str, ...]]:
    """Where its words stand, and these as they are compared."""
    spans = tuple(m.span() for m in WORD.finditer(text))
    return spans, tuple(fold(text[a:b]) for a, b in spans)


def _adjacent(text: str, spans: Spans) -> bool:
    pairs = zip(spans, spans[1:], strict=False)
    return all(b - a <= GAP and (text[a:b] == OPENED or not HARD.search(text, a, b)) for (_, a), (b, _) in pairs)
