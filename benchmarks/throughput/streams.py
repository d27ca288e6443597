"""The streams of the comparison, all of the project's own texts, in order of publication."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STREAM = ROOT / "benchmarks" / "incidents" / "en" / "items.jsonl"
CORPUS = ROOT / "tools" / "train" / "corpus"
ORDINARY = Path(__file__).with_name("ordinary.txt")
INCIDENTS = 0.1  # of news as it comes: what tells of incidents
ALIKE = 0.2  # and what was written to be taken for them

Items = list[dict[str, Any]]


def mixed(repeat: int) -> Items:
    """The English benchmark stream and the first part of the corpus (half of it noise), each item `repeat` times under other
    ids and with a line of its own, so that nothing is answered from a cache.
    """
    return _repeated(_lines(STREAM) + [item for _, item in _corpus("en.jsonl")], repeat)


def half(repeat: int) -> Items:
    """As many corpus texts that tell of an incident as noise."""
    told, noise = _parted()
    count = min(len(told), len(noise))
    return _repeated(told[:count] + noise[:count], repeat)


def news(repeat: int) -> Items:
    """News as it comes: a tenth tells of incidents, a fifth was written to be taken for them, the rest is ordinary."""
    told, noise = _parted()
    ordinary = _ordinary([item["published_at"] for item in noise])
    whole = len(ordinary) / (1 - INCIDENTS - ALIKE)
    return _repeated(told[: int(whole * INCIDENTS)] + noise[: int(whole * ALIKE)] + ordinary, repeat)


def hard_news(repeat: int) -> Items:
    """A tenth incidents and else all noise of the corpus, every text of which was written to be taken for an incident."""
    told, noise = _parted()
    return _repeated(told[: int(len(noise) * INCIDENTS / (1 - INCIDENTS))] + noise, repeat)


STREAMS: dict[str, Callable[[int], Items]] = {"mixed": mixed, "half": half, "news": news, "hard_news": hard_news}


def _parted() -> tuple[Items, Items]:
    """Incident texts and noise of the whole corpus, each shuffled, always alike."""
    told, noise = Items(), Items()
    for path in sorted(CORPUS.glob("en*.jsonl")):
        for kind, item in _corpus(path.name):
            (told if kind == "actual" else noise).append(item)
    for items in (told, noise):
        random.Random(1).shuffle(items)
    return told, noise


def _ordinary(times: list[str]) -> Items:
    """The ordinary texts, each published at one of `times`."""
    blocks = ORDINARY.read_text("utf8").split("\n\n")
    texts = [block.strip().split("\n", 1) for block in blocks if not block.strip().startswith(("#", "//"))]
    return [
        {
            "source_id": "ordinary", "channel": "feed" if title != "-" else "telegram", "external_id": f"ordinary-{n}",
            "revision": 0, "kind": "new", "title": title if title != "-" else None, "body": body,
            "published_at": times[n % len(times)], "lang": "en",
        }
        for n, (title, body) in enumerate(texts)
    ]  # fmt: skip


def _corpus(name: str) -> list[tuple[str, dict[str, Any]]]:
    """(kind, item) of each text of a part of the corpus."""
    return [(text["kind"], _item(text)) for text in _lines(CORPUS / name)]


def _item(text: dict[str, Any]) -> dict[str, Any]:
    return {
        "source_id": f"corpus-{text['channel']}", "channel": text["channel"], "external_id": text["id"], "revision": 0,
        "kind": "new", "title": text["title"], "body": text["body"], "published_at": text["published_at"], "lang": "en",
    }  # fmt: skip


def _lines(path: Path) -> Items:
    return [json.loads(line) for line in path.read_text("utf8").splitlines()]


def _repeated(items: Items, repeat: int) -> Items:
    copies = [_again(item, n) for n in range(repeat) for item in items]
    return sorted(copies, key=lambda item: item["published_at"])


def _again(item: dict[str, Any], number: int) -> dict[str, Any]:
    """The item as another outlet would have it: other ids, and a line of its own."""
    if not number:
        return item
    body = f"{item['body']} Edition {number}." if item["body"] else ""
    return item | {"source_id": f"{item['source_id']}-{number}", "body": body}
