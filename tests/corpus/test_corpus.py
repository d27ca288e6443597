"""The project's own labelled texts against the gate, types and modality: floors that a change must not fall below.

The models have seen these texts, so the figures guard against breakage; they are no measure of quality. That stands in
docs/quality.md, from cross-validation and from texts that nothing was tuned to.
"""

import json
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from processors.extract.analysis import Analysis
from processors.extract.events import FOUNDING, find_triggers
from processors.extract.modality import judge
from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.gate import Gate
from processors.model import Document, Item, Modality
from processors.normalize import document

CORPUS = Path(__file__).parents[2] / "tools" / "train" / "corpus" / "en.jsonl"

Row = dict[str, Any]


@cache
def rows() -> tuple[Row, ...]:
    return tuple(json.loads(line) for line in CORPUS.read_text("utf8").split("\n") if line)


def of(row: Row) -> Document:
    published = datetime.fromisoformat(row["published_at"].replace("Z", "+00:00"))
    return document(
        Item(
            source_id="corpus", external_id=row["id"], kind="new", published_at=published,
            title=row["title"], body=row["body"], lang="en",
        )
    )  # fmt: skip


@cache
def told() -> dict[str, list[tuple[str, int, str | None]]]:
    """By item: type, offset and modality of each trigger that can found an incident."""
    found: dict[str, list[tuple[str, int, str | None]]] = {}
    for row in rows():
        read = of(row)
        analysis = Analysis(read, split(read), parse)
        found[row["id"]] = [
            (t.event_type.value, t.start, judge(analysis, t).modality)
            for t in find_triggers(analysis)
            if t.strength >= FOUNDING
        ]
    return found


def actual(row: Row) -> bool:
    return any(modality is Modality.ACTUAL for _, _, modality in told()[row["id"]])


@pytest.mark.slow
def test_the_gate_keeps_what_leads_to_a_mention() -> None:
    gate = Gate()
    leading = [row for row in rows() if actual(row)]
    assert sum(gate.passes(of(row)).passed for row in leading) >= 0.99 * len(leading)


@pytest.mark.slow
def test_true_items_are_kept_and_noise_is_not() -> None:
    true = [row for row in rows() if row["kind"] == "actual"]
    noise = [row for row in rows() if row["kind"] != "actual"]
    assert sum(map(actual, true)) >= 0.88 * len(true)
    assert sum(map(actual, noise)) <= 0.16 * len(noise)


@pytest.mark.slow
def test_types_of_labelled_sentences() -> None:
    hits: Counter[bool] = Counter()
    for row in rows():
        text = of(row).text
        for label in row["sentences"]:
            start = text.find(label["quote"])
            if label["modality"] != "actual" or not label["event_type"] or start < 0:
                continue
            inside = {kind for kind, at, _ in told()[row["id"]] if start <= at < start + len(label["quote"])}
            if inside:
                hits[label["event_type"] in inside] += 1
    assert hits[True] >= 0.78 * (hits[True] + hits[False])
