"""The project's own labelled texts, as examples for training and for measuring."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from processors.model import Document, Item
from processors.normalize import document

FOLDS = 5
KINDS = {
    "actual": ("actual",),
    "figurative": ("metaphor", "sports", "film", "game", "business", "politics", "advert", "science", "unrelated"),
    "exercise": ("drill",),
    "denied": ("denied", "correction_only", "denied_nonevent"),
    "historical": ("historical", "obituary", "court", "statistics", "unrelated_crime_paperwork"),
    "planned": ("threat_or_plan", "weather"),
    "hypothetical": ("hypothetical", "opinion", "explainer"),
    "sirens": ("sirens_only", "sirens"),
    "munition": ("defused_or_old_munition",),
}
KIND_OF = {label: kind for kind, labels in KINDS.items() for label in labels}


@dataclass(frozen=True)
class Example:
    """A labelled text. `groups`: what must not be both trained and tested on (incidents, or the item itself).
    `origin`: the file of the corpus, or the stream. `noise`: whether an incident found in it is a false one: not so where an
    item of the stream denies an incident that others tell.
    """

    id: str
    document: Document
    kind: str
    groups: frozenset[str]
    origin: str
    noise: bool

    def folds(self, salt: str = "") -> set[int]:
        """The folds in which the example is tested; in none of them is it trained on."""
        return {zlib.crc32((salt + group).encode()) % FOLDS for group in self.groups}


def examples(corpus: Path, scenarios: list[Path]) -> list[Example]:
    """`corpus`: a folder of en*.jsonl, items with `kind`; `scenarios`: folders with items.jsonl and gold.json."""
    return [*_corpus(corpus), *(example for folder in scenarios for example in _scenario(folder))]


def _corpus(folder: Path) -> Iterator[Example]:
    for path in sorted(folder.glob("en*.jsonl")):
        for row in _rows(path):
            kind = KIND_OF[row["kind"]]
            ids = frozenset({row["id"]})
            yield Example(row["id"], _document(row, row["id"]), kind, ids, path.stem, kind != "actual")


def _scenario(folder: Path) -> Iterator[Example]:
    """Item revisions of a stream; those that deny the occurrence are of kind `denied`."""
    gold = json.loads((folder / "gold.json").read_text("utf8"))
    incidents: dict[str, set[str]] = {}
    denying: set[str] = set()
    for incident in gold["incidents"]:
        for item in incident["items"]:
            incidents.setdefault(item, set()).add(incident["id"])
        denying |= {c["item"] for c in incident["claims"] if c["slot"] == "occurrence" and c["stance"] == "denies"}
    noise = {n["item"]: KIND_OF[n["why"]] for n in gold["noise"]}
    for row in _rows(folder / "items.jsonl"):
        ref = f"{row['source_id']}/{row['external_id']}@{row['revision']}"
        if row["kind"] != "deleted" and (ref in incidents or ref in noise):
            kind = noise.get(ref, "denied" if ref in denying else "actual")
            yield Example(ref, _document(row, ref), kind, frozenset(incidents.get(ref, {ref})), "stream", ref in noise)


def _document(row: dict[str, Any], name: str) -> Document:
    published = datetime.fromisoformat(row["published_at"].replace("Z", "+00:00"))
    return document(
        Item(
            source_id="train", external_id=name, kind="new", published_at=published,
            body=row["body"], title=row["title"], lang="en",
        )
    )  # fmt: skip


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf8").split("\n"):
        if line:
            yield json.loads(line)
