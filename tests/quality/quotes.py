"""Checks that every value has its words: over the gold sets, the streams and the project's own corpus.

usage: python -m tests.quality.quotes [--shared FOLDER] [--limit N] [--show N]

Prints, by set, how many values were checked and how many have no words, or words that do not say them; exit status 1
if there are any. What counts as saying it is in support.py.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from processors.model import Item, Mention
from processors.normalize import document
from processors.pipeline import Pipeline
from streams.annotate import document_of
from streams.codec import Text
from streams.placeindex import ready_index
from streams.settings import load
from tests.quality.__main__ import SETS
from tests.quality.support import unsupported

ROOT = Path(__file__).resolve().parents[2]
Told = Iterator[tuple[str, tuple[Mention, ...]]]  # texts, and what each tells


def gold_set(pipeline: Pipeline, shared: Path, name: str) -> Told:
    """A gold set, as the scorer gives it to `annotate` or `replay`."""
    sys.path.insert(0, str(shared / "score"))
    module: Any = import_module("scoring.geoparsing" if name in ("lgl", "geovirus") else f"scoring.{name}")
    module.NAME = name
    records = module.load(shared / "data", True)
    documents = module.documents(module.units(records, 0) if module.REPLAY else records)
    if module.REPLAY:
        return told_items(pipeline, (msgspec.convert(each, Item) for each in documents))
    return told(pipeline, (msgspec.convert(each, Text) for each in documents))


def own_texts(folder: Path) -> Iterator[Text]:
    """The project's own corpus."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_bytes().splitlines():
            each: dict[str, Any] = msgspec.json.decode(line)
            text = "\n\n".join(filter(None, (each["title"], each["body"])))
            yield msgspec.convert(
                {"id": each["id"], "text": text, "title": each["title"], "published_at": each["published_at"]}, Text
            )


def items(file: Path) -> Iterator[Item]:
    for line in file.read_bytes().splitlines():
        item = msgspec.json.decode(line, type=Item)
        if item.body or item.title:
            yield item


def told(pipeline: Pipeline, texts: Iterator[Text]) -> Told:
    for text in texts:
        whole = document_of(text)
        [found] = pipeline.annotate([whole])
        yield whole.text, found.incidents


def told_items(pipeline: Pipeline, stream: Iterator[Item]) -> Told:
    for item in stream:
        [found] = pipeline.read([item])
        yield document(item).text, found.mentions


def values(mention: Mention) -> int:
    counts = [mention.killed, mention.injured, mention.attackers_killed, mention.when]
    lists = (mention.places, mention.perpetrators, mention.targets, mention.victims, mention.weapons, mention.claims)
    return sum(each is not None for each in counts) + sum(map(len, lists)) + (mention.outcome != "unknown")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--limit", type=int, default=None, help="texts of each set")
    parser.add_argument("--show", type=int, default=3, help="examples of each kind of fault")
    options = parser.parse_args()
    pipeline = Pipeline(gazetteer=ready_index(load(), lambda _: None))
    faults = sum(
        _check(name, islice(texts, options.limit), options.show) for name, texts in _sources(pipeline, options)
    )
    return 1 if faults else 0


def _sources(pipeline: Pipeline, options: argparse.Namespace) -> Iterator[tuple[str, Told]]:
    yield "corpus", told(pipeline, own_texts(ROOT / "tools" / "train" / "corpus"))
    for stream in sorted((ROOT / "benchmarks" / "incidents").glob("*/items.jsonl")):
        yield f"incidents/{stream.parent.name}", told_items(pipeline, items(stream))
    if (options.shared / "score").is_dir():
        yield from ((name, gold_set(pipeline, options.shared.resolve(), name)) for name in SETS)


def _check(name: str, texts: Told, show: int) -> int:
    """Prints what one set has; returns how many values lack their words."""
    checked, faults, examples = 0, Counter[str](), dict[str, list[str]]()
    for text, mentions in texts:
        for mention in mentions:
            checked += values(mention)
            for what, words in unsupported(mention, text):
                faults[what] += 1
                examples.setdefault(what, []).append(" ".join(words.split())[:160])
    print(f"{name:16} {checked:6} values, {faults.total()} without words that say them", flush=True)
    for what, count in faults.most_common():
        print(f"    {count:5} {what}", *examples[what][:show], sep="\n          ")
    return faults.total()


if __name__ == "__main__":
    sys.exit(main())
