"""Own sentences as analyses, for the tests of times and casualties."""

from datetime import UTC, datetime

from processors.extract.analysis import Analysis
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.model import Document, Item


def analysed(text: str) -> Analysis:
    """A plain English text without a title."""
    item = Item(
        source_id="test",
        external_id="1",
        kind="new",
        published_at=datetime(2024, 2, 7, tzinfo=UTC),
        body=text,
        lang="en",
    )
    document = Document(item=item, text=text, title_end=0, lang="en")
    return Analysis(document=document, sentences=split(document), parser=parse)
