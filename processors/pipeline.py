"""Items in, what they tell out: the extract stage, and `annotate`. One pipeline a process; it keeps no state between
items.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from processors import normalize
from processors.encode.encoder import Encoder, installed
from processors.extract import nlp
from processors.extract.analysis import Analysis, Sentence
from processors.extract.claims import cited_sources
from processors.extract.entities import Entity, entities
from processors.extract.events import event_sentences
from processors.extract.explain import explained
from processors.extract.known import Known
from processors.extract.mentions import find_mentions, tells
from processors.extract.sentences import split
from processors.gate import Gate
from processors.model import UNDATED, Document, Item, ItemMentions, Mention, SourceTraits, Span
from processors.places.find import find_places
from processors.places.index import Gazetteer
from processors.places.toponyms import PlaceContext, Toponym
from processors.times.expression import TimeExpression
from processors.times.find import find_times
from processors.times.lexicon import is_known

Profile = Literal["default", "light"]

READ_HERE = frozenset({"en"})  # languages whose incidents are extracted; others pass through with their language

READ_SENTENCES = 60  # of a document that are parsed at once; later ones only where they hold event words


class NamedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place name of `annotate`'s output."""

    start: int
    end: int
    text: str
    precision: str
    name: str | None = None
    country: str | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    geonameid: int | None = None


class NamedTime(msgspec.Struct, frozen=True, kw_only=True):
    """A time expression of `annotate`'s output."""

    start: int
    end: int
    text: str
    value: str
    precision: str
    end_value: str | None = None


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """All that `annotate` says of one text."""

    id: str
    lang: str | None
    entities: tuple[Entity, ...] = ()
    places: tuple[NamedPlace, ...] = ()
    times: tuple[NamedTime, ...] = ()
    incidents: tuple[Mention, ...] = ()


class Pipeline:
    """`gazetteer` is the place index, None for none; `traits` what the operator set down about each source. `profile`: default
    judges texts by their meaning too, where the encoder is installed; light never does.
    """

    def __init__(
        self,
        gazetteer: Path | None = None,
        profile: Profile = "default",
        traits: Mapping[str, SourceTraits] | None = None,
    ) -> None:
        self._path, self._traits = gazetteer, traits or {}
        weights = installed() if profile == "default" else None
        self._encode = Encoder(weights) if weights else None
        self._gate = Gate()

    @property
    def encodes(self) -> bool:
        """Whether texts are judged by their meaning too."""
        return self._encode is not None

    @cached_property
    def _gazetteer(self) -> Gazetteer | None:
        return Gazetteer.open(self._path) if self._path else None

    def read(self, items: Sequence[Item]) -> list[ItemMentions]:
        """What each item tells, in order. An item in a language that is not read, without text, or stopped by the gate
        tells nothing.
        """
        documents = [normalize.document(item) for item in items]
        analyses = [self._analysis(d) if self._is_news(d) else None for d in documents]
        wanted = [a for a in analyses if a]
        _parse_together(s for a in wanted for s in event_sentences(a))
        _parse_together(s for a in wanted if tells(a) for s in a.sentences[:READ_SENTENCES])
        return [
            _told(d, self._traits.get(d.item.source_id), self._mentions(a))
            for d, a in zip(documents, analyses, strict=True)
        ]

    def annotate(self, documents: Sequence[Document]) -> Iterator[Annotation]:
        """Entities, places, times and incidents of each text. Here every sentence is parsed, whatever the gate says."""
        for document in documents:
            yield self._annotation(document)

    def explain(self, document: Document) -> str:
        """Which rule or model said what of a text, in lines."""
        analysis, gate = self._analysis(document), self._gate.passes_as_news(document)
        mentions, _ = self._mentions(analysis) if self._is_news(document) else ((), ())
        return explained(analysis, gate, mentions)

    def _wanted(self, document: Document) -> bool:
        return document.lang in READ_HERE and self._gate.passes(document).passed

    def _is_news(self, document: Document) -> bool:
        return document.lang in READ_HERE and self._gate.passes_as_news(document).passed

    def _mentions(self, analysis: Analysis | None) -> tuple[tuple[Mention, ...], tuple[str, ...]]:
        if analysis is None or not tells(analysis):
            return (), ()
        return find_mentions(self._known(analysis)), cited_sources(analysis)

    def _annotation(self, document: Document) -> Annotation:
        analysis = self._analysis(document)
        analysis.parse(analysis.sentences)
        known = self._known(analysis)
        return Annotation(
            id=document.item.external_id,
            lang=document.lang,
            entities=tuple(entities(analysis, [_words(t) for t in known.toponyms], [_words(t) for t in known.times])),
            places=tuple(map(_place, known.toponyms)),
            times=tuple(map(_time, known.times)),
            incidents=find_mentions(known) if self._wanted(document) else (),
        )

    def _analysis(self, document: Document) -> Analysis:
        return Analysis(document=document, sentences=split(document), parser=nlp.parse, encode=self._encode)

    def _known(self, analysis: Analysis) -> Known:
        item = analysis.document.item
        traits = self._traits.get(item.source_id)
        context = PlaceContext(country=traits.country if traits else None)
        toponyms = find_places(analysis, self._gazetteer, context) if self._gazetteer else []
        return Known(analysis, toponyms, _times(analysis), traits)


def _times(analysis: Analysis) -> list[TimeExpression]:
    """The text's time expressions. Without a date of publication only those that name their year have a meaning."""
    document = analysis.document
    published, lang = document.item.published_at, document.lang or "en"
    found = find_times(analysis.text, published, lang if is_known(lang) else "en")
    if published != UNDATED:
        return found
    return [t for t in found if t.kind == "absolute" and abs(t.first.year - UNDATED.year) > 1]


def _words(found: Toponym | TimeExpression) -> Span:
    return Span(found.start, found.end, found.text)


def _parse_together(sentences: Iterable[Sentence]) -> None:
    """Parses sentences of several documents in one batch: a parser is fast on many sentences and slow on few."""
    todo = [s for s in sentences if s.doc is None]
    for sentence, doc in zip(todo, nlp.parse([s.read for s in todo]), strict=True):
        sentence.doc = doc


def _told(
    document: Document, traits: SourceTraits | None, found: tuple[tuple[Mention, ...], tuple[str, ...]]
) -> ItemMentions:
    item, (mentions, cites) = document.item, found
    return ItemMentions(
        item=item.ref, source_id=item.source_id, external_id=item.external_id, revision=item.revision, kind=item.kind,
        published_at=item.published_at, channel=item.channel, fetched_at=item.fetched_at, lang=document.lang,
        title=item.title, url=normalize.canonical_url(item.url) if item.url else None,
        forwarded_from=item.forwarded_from,
        reply_to=item.reply_to, publisher=traits.publisher if traits else None, reliability=traits.reliability if traits
        else "F",
        fingerprint=normalize.fingerprint(document.text), cites=cites, mentions=mentions,
    )  # fmt: skip


def _place(toponym: Toponym) -> NamedPlace:
    return NamedPlace(
        start=toponym.start, end=toponym.end, text=toponym.text, precision=toponym.precision, name=toponym.name,
        country=toponym.country, admin1=toponym.admin1, lat=toponym.lat, lon=toponym.lon, radius_km=toponym.radius_km,
        geonameid=toponym.geonameid,
    )  # fmt: skip


def _time(expression: TimeExpression) -> NamedTime:
    return NamedTime(
        start=expression.start, end=expression.end, text=expression.text, value=expression.value,
        end_value=expression.end_value, precision=expression.precision,
    )  # fmt: skip
