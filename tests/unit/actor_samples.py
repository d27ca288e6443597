"""Sample sentences for the tests of actors, weapons, outcome and claims: parsed once, with the trigger marked by its words."""

from datetime import UTC, datetime
from functools import lru_cache

from processors.extract.actors import Roles, find_actors
from processors.extract.analysis import Analysis
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.model import Document, Item


@lru_cache(maxsize=256)
def analysed(text: str, title: str | None = None) -> Analysis:
    """A text laid open and parsed as the pipeline does it; published on 10 September 2025 by the source "gazette"."""
    item = Item(
        source_id="gazette", external_id="1", kind="new", published_at=datetime(2025, 9, 10, 12, tzinfo=UTC), body=text
    )
    whole = f"{title}\n\n{text}" if title else text
    document = Document(item=item, text=whole, title_end=len(title or ""), lang="en")
    analysis = Analysis(document=document, sentences=split(document), parser=parse)
    analysis.parse(analysis.sentences)
    return analysis


def roles(text: str, trigger: str, event_type: str = "shooting") -> Roles:
    """The actors around the first occurrence of the trigger's words; all sentences belong to the incident."""
    analysis = analysed(text)
    start = text.index(trigger)
    sentence = analysis.sentence_at(start)
    assert sentence is not None
    return find_actors(analysis, sentence, start, start + len(trigger), event_type, analysis.sentences)
