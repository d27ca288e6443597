"""`annotate`'s work on a chunk of texts: one line of JSON for each, in order."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from processors.model import UNDATED, Document, Item
from processors.normalize import as_is
from streams.codec import Text, encode
from streams.extracting import Unread, each_alone

if TYPE_CHECKING:
    from processors.pipeline import Pipeline


def document_of(text: Text) -> Document:
    """The text as a document whose offsets are those of the input."""
    item = Item(
        source_id="annotate",
        external_id=str(text.id),
        kind="new",
        published_at=text.published_at or UNDATED,
        body=text.text,
        title=text.title,
        lang=text.lang,
    )
    return as_is(item, text.text, text.title)


def annotated(pipeline: "Pipeline", texts: Sequence[Text]) -> list[bytes | Unread]:
    """Lines of the contract's `annotate` output; `id` comes back as it was given."""
    return each_alone(lambda some: _lines(pipeline, some), texts, lambda text: document_of(text).item)


def explained(pipeline: "Pipeline", texts: Sequence[Text]) -> list[bytes | Unread]:
    """For people: the text's id, then which rule or model said what."""
    return each_alone(lambda some: _explanations(pipeline, some), texts, lambda text: document_of(text).item)


def _explanations(pipeline: "Pipeline", texts: Sequence[Text]) -> list[bytes]:
    return [f"text {text.id}\n{pipeline.explain(document_of(text))}\n".encode() for text in texts]


def _lines(pipeline: "Pipeline", texts: Sequence[Text]) -> list[bytes]:
    annotations = pipeline.annotate([document_of(text) for text in texts])
    return [encode(replace(found, id=text.id)) for text, found in zip(texts, annotations, strict=True)]
