"""A regular expression that is compiled when it is first asked: of a lexicon's two thousand phrases most texts meet a few,
and compiling all would take a process a second.
"""

import re
from collections.abc import Set as AbstractSet


class LateRegex:
    """Stands for `re.compile(source)`. `needs`: words of which a text must hold one for any match; empty: unknown."""

    __slots__ = ("_compiled", "_needs", "_source")

    def __init__(self, source: str, needs: frozenset[str] = frozenset()) -> None:
        self._source, self._needs = source, needs
        self._compiled: re.Pattern[str] | None = None

    def possible(self, words: AbstractSet[str]) -> bool:
        """Whether a text of these words may hold a match; asked first, it saves the compiling of most phrases."""
        return not self._needs or not self._needs.isdisjoint(words)

    def match(self, text: str, at: int = 0) -> re.Match[str] | None:
        """The match that begins at `at`."""
        return self._regex().match(text, at)

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        return self._regex().search(text)

    def _regex(self) -> re.Pattern[str]:
        if self._compiled is None:
            self._compiled = re.compile(self._source)
        return self._compiled
