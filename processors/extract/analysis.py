"""A document laid open for extraction: its sentences, each parsed only when somebody asks.

Each sentence is its own spaCy Doc, so offsets are simple: a token stands at `sentence.start + token.idx` in the document's text.
Headlines and reports in ALL CAPS are parsed in restored case; restoring never changes a text's length.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span, Token

from processors.model import Document
from processors.model import Span as TextSpan

Parser = Callable[[Sequence[str]], list[Doc]]
Encode = Callable[[str], NDArray[np.float32]]
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class Sentence:
    """One sentence of the plain text. `doc` is None until it was parsed; `read` is what the parser saw (same length as `text`)."""

    index: int
    start: int
    end: int
    text: str
    kind: Literal["title", "body"]
    paragraph: int
    read: str
    doc: Doc | None = None
    _lemmas: list[str] | None = None
    _starts: list[int] | None = None

    @property
    def tokens(self) -> Doc:
        """The parsed sentence. Raises RuntimeError where nobody asked for the parse."""
        if self.doc is None:
            raise RuntimeError(f"sentence {self.index} was not parsed")
        return self.doc

    @property
    def lemmas(self) -> list[str]:
        """Each token's lemma in lower case. Asked for often; a pass over the tokens themselves is slow."""
        if self._lemmas is None:
            self._lemmas = [token.lemma_.lower() for token in self.tokens]
        return self._lemmas

    def token_before(self, end: int) -> Token | None:
        """The token that holds the character before `end`, an offset into this sentence."""
        if self._starts is None:
            self._starts = [token.idx for token in self.tokens]
        at = bisect_left(self._starts, end) - 1
        token = self.tokens[at] if at >= 0 else None
        return token if token is not None and end <= token.idx + len(token) else None

    def span(self, piece: Span | Token) -> TextSpan:
        """A piece of the parse as a span of the document's text."""
        first = piece[0].idx if isinstance(piece, Span) else piece.idx
        last = piece[-1].idx + len(piece[-1]) if isinstance(piece, Span) else piece.idx + len(piece)
        return self.cut(first, last)

    def cut(self, first: int, last: int) -> TextSpan:
        """Characters first..last of this sentence as a span of the document's text."""
        return TextSpan(self.start + first, self.start + last, self.text[first:last])


@dataclass(eq=False)
class Analysis:
    """What all extractors share about one document. `parser` turns sentences into spaCy Docs; `encode`, where there is
    one, a text into a vector of its meaning.
    """

    document: Document
    sentences: list[Sentence]
    parser: Parser = field(repr=False)
    encode: Encode | None = field(default=None, repr=False)
    parses: int = 0  # times that sentences were parsed: what was read with fewer may be read otherwise now
    memo: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)  # of `per_document`

    @cached_property
    def text(self) -> str:
        return self.document.text

    def parse(self, wanted: Iterable[Sentence]) -> None:
        """Parses those of `wanted` that are not parsed yet, in one batch."""
        todo = [s for s in wanted if s.doc is None]
        self.parses += bool(todo)
        for sentence, doc in zip(todo, self.parser([s.read for s in todo]), strict=True):
            sentence.doc = doc

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds the character at `offset`."""
        return next((s for s in self.sentences if s.start <= offset < s.end), None)


def per_document(
    function: Callable[Concatenate[Analysis, P], R],
) -> Callable[Concatenate[Analysis, P], R]:
    """Keeps what a function of an analysis and hashable arguments gave, as long as the analysis lives."""

    @wraps(function)
    def kept(analysis: Analysis, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (function, *args, *kwargs.values())
        if key not in analysis.memo:
            analysis.memo[key] = function(analysis, *args, **kwargs)
        found: R = analysis.memo[key]
        return found

    return kept
