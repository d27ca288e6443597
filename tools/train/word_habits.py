"""Counts how words are used in running text: `processors/places/word_habits.bin`.

usage: python -m tools.train.word_habits [--into FILE] [--texts FILE_OR_FOLDER]...
Reads this project's own texts (tools/train/corpus, benchmarks/incidents/en) and those of --texts: .txt files, and .jsonl
files with "title", "body" or "text". Labels are not looked at. The file holds counts under hashes, no text, and is the same
for the same texts and the same parser; a few minutes for a million words.
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from processors.extract.nlp import parse
from processors.extract.sentences import split
from processors.model import UNDATED, Item
from processors.normalize import as_is
from processors.places import habits

ROOT = Path(__file__).parents[2]
OWN = (ROOT / "tools/train/corpus", ROOT / "benchmarks/incidents/en")
PER = 400_000  # counts are those of so many words: more text makes them surer, not larger than the recogniser learnt
SHOUTED = 0.5  # sentences with more of their words in capitals than this tell nothing of habits
BATCH = 500  # sentences that are parsed at once
ENTITIES = {"PERSON": "person", "GPE": "place", "LOC": "place", "FAC": "place", "ORG": "organisation"}


def main() -> None:
    """Writes the table and prints how much was read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=Path(habits.__file__).with_name("word_habits.bin"))
    parser.add_argument("--texts", type=Path, action="append", default=[])
    arguments = parser.parse_args()
    counts = np.zeros((habits.SLOTS, len(habits.USES)))
    words = sum(_count(doc, counts) for doc in _parsed(_texts([*OWN, *arguments.texts])))
    arguments.into.write_bytes(habits.packed(counts * (PER / max(1, words))))
    print(f"{words:,} words, {int((counts.sum(axis=1) > 0).sum()):,} of {habits.SLOTS:,} slots used")


def _texts(paths: Iterable[Path]) -> Iterator[str]:
    """The texts in files and folders, in the order of their names, each once."""
    seen: set[str] = set()
    for path in (f for p in paths for f in (sorted(p.rglob("*")) if p.is_dir() else [p])):
        for text in _of_file(path):
            if text and text not in seen:
                seen.add(text)
                yield text


def _of_file(path: Path) -> Iterator[str]:
    if path.suffix == ".txt":
        yield path.read_text("utf8", errors="replace")
    elif path.suffix == ".jsonl":
        for line in filter(str.strip, path.read_text("utf8").split("\n")):
            row = json.loads(line)
            yield "\n".join(part for name in ("title", "body", "text") if isinstance(part := row.get(name), str))


def _parsed(texts: Iterable[str]) -> Iterator[Doc]:
    """Every sentence, parsed."""
    waiting: list[str] = []
    for text in texts:
        item = Item(source_id="habits", external_id="", kind="new", published_at=UNDATED, body=text, lang="en")
        waiting += [sentence.read for sentence in split(as_is(item, text, None))]
        if len(waiting) >= BATCH:
            yield from parse(waiting)
            waiting = []
    yield from parse(waiting)


def _count(doc: Doc, counts: np.ndarray) -> int:
    """Adds a sentence's words; returns how many there were. A sentence's first word tells nothing by its capital."""
    words = [token for token in doc if token.text[0].isalpha()]
    shouted = sum(token.text.isupper() and len(token) > 1 for token in words) > SHOUTED * len(words)
    for number, token in enumerate(words if not shouted else ()):
        use = "lower" if token.text.islower() else "capital" if number and token.text[0].isupper() else None
        for each in filter(None, (use, ENTITIES.get(token.ent_type_))):
            counts[habits.slot(token.text), habits.USES.index(each)] += 1
    return len(words)


if __name__ == "__main__":
    main()
