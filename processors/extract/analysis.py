"""A document laid open for extraction: its sentences, each parsed only when somebody asks.

Each sentence is its own spaCy Doc, so offsets are simple: a token stands at `sentence.start + token.idx` in the document's text.
Headlines and reports in ALL CAPS are parsed in restored case; restoring never changes a text's length.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from spacy.tokens import Doc, Span, Token

from processors.model import Document
from processors.model import Span as TextSpan

Parser = Callable[[Sequence[str]], list[Doc]]


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

    @property
    def tokens(self) -> Doc:
        """The parsed sentence. Raises RuntimeError where nobody asked for the parse."""
        if self.doc is None:
            raise RuntimeError(f"sentence {self.index} was not parsed")
        return self.doc

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
    """What all extractors share about one document. `parser` turns sentences into spaCy Docs."""

    document: Document
    sentences: list[Sentence]
    parser: Parser = field(repr=False)

    @cached_property
    def text(self) -> str:
        return self.document.text

    def parse(self, wanted: Iterable[Sentence]) -> None:
        """Parses those of `wanted` that are not parsed yet, in one batch."""
        todo = [s for s in wanted if s.doc is None]
        for sentence, doc in zip(todo, self.parser([s.read for s in todo]), strict=True):
            sentence.doc = doc

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds the character at `offset`."""
        return next((s for s in self.sentences if s.start <= offset < s.end), None)
