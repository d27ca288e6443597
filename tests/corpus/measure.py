"""The project's own labelled texts against what extraction makes of them, sentence by sentence.

A label is a stretch of text with an event type and a modality. It is found where an event word stands in it that can
found an incident; its type and its modality are right where one of these words has them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from processors.extract.analysis import Analysis
from processors.extract.events import FOUNDING, find_triggers
from processors.extract.modality import judge
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.extract.trigger_modality import judge_alone
from processors.model import Document, Item
from processors.normalize import document

CORPUS = Path(__file__).parents[2] / "tools" / "train" / "corpus"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An event word as extraction reads it; `alone` is its modality before the verdict on the whole text."""

    start: int
    text: str
    event_type: str
    modality: str | None
    alone: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled stretch of an item's text, and the event words in it."""

    row: Row
    quote: str
    event_type: str | None
    modality: str | None
    told: tuple[Told, ...]

    @property
    def found(self) -> bool:
        return bool(self.told)

    @property
    def type_right(self) -> bool:
        return any(t.event_type == self.event_type for t in self.told)

    @property
    def modality_right(self) -> bool:
        return any(t.modality == self.modality for t in self.told)


def rows(names: Sequence[str] = ()) -> list[Row]:
    """The items of the corpus' files, all of them or those named."""
    files = [CORPUS / name for name in names] or sorted(CORPUS.glob("en*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf8").split("\n") if line]


def of(row: Row) -> Document:
    published = datetime.fromisoformat(row["published_at"].replace("Z", "+00:00"))
    return document(
        Item(
            source_id="corpus", external_id=row["id"], kind="new", published_at=published, channel=row["channel"],
            title=row["title"], body=row["body"], lang="en",
        )
    )  # fmt: skip


@cache
def _told(key: str) -> tuple[Told, ...]:
    row: Row = json.loads(key)
    read = of(row)
    analysis = Analysis(read, split(read), parse)
    return tuple(
        Told(
            t.start, t.text, t.event_type.value, judge(analysis, t).modality, judge_alone(analysis, t).modality, t.rule
        )
        for t in find_triggers(analysis)
        if t.strength >= FOUNDING
    )


def told(row: Row) -> tuple[Told, ...]:
    """The event words of an item that can found an incident."""
    return _told(json.dumps(row))


def labels(row: Row) -> Iterator[Labelled]:
    """The labels of an item whose words stand in its text."""
    text = of(row).text
    for label in row["sentences"]:
        start = text.find(label["quote"])
        if start >= 0:
            inside = tuple(t for t in told(row) if start <= t.start < start + len(label["quote"]))
            yield Labelled(row, label["quote"], label["event_type"], label["modality"], inside)


def actual(row: Row) -> bool:
    """Whether extraction finds an event in the item that happened now."""
    return any(t.modality == "actual" for t in told(row))
