"""A regular expression that is compiled when it is first asked: of a lexicon's two thousand phrases most texts meet a few,
and compiling all would take a process a second.
"""

import re


class LateRegex:
    """Stands for `re.compile(source)`."""

    __slots__ = ("_compiled", "_source")

    def __init__(self, source: str) -> None:
        self._source = source
        self._compiled: re.Pattern[str] | None = None

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
