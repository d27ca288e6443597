"""Random cuts, joins and corruptions of texts through the whole extraction: no crash, no endless loop, valid output.

usage: python -m tests.fuzz.pipeline [--runs N] [--seed N] [--seconds LIMIT_A_TEXT]
The texts are the project's own corpus. Prints what failed with its text, and the count.
"""

import argparse
import json
import random
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from processors.model import Item, ItemMentions
from processors.pipeline import Pipeline

CORPUS = Path(__file__).resolve().parents[2] / "tools" / "train" / "corpus"
ODD = [
    "\x00",
    "\ud800",
    "\u202e",
    "\u200b",
    "💥" * 20,
    "A" * 300,
    "(" * 80,
    "1" * 60,
    "-" * 90,
    "\n" * 40,
    "﷽",
    "ß",
    "İ",
    ", " * 60,
]


class Stuck(Exception):
    """A text took longer than it may."""


def texts() -> list[str]:
    """Titles and bodies of the corpus."""
    lines = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf8").splitlines()]
    return [f"{t['title'] or ''}\n{t['body']}".strip() for t in map(json.loads, lines)]


def corrupted(pool: list[str], chance: random.Random) -> str:
    """One text made of others: cut, joined, shouted, interspersed with oddities."""
    text = chance.choice(pool)
    for _ in range(chance.randint(1, 4)):
        at, kind = chance.randrange(len(text) + 1), chance.randrange(7)
        if kind == 0:
            text = text[:at]
        elif kind == 1:
            text = text[at:] + " " + chance.choice(pool)
        elif kind == 2:
            text = text.upper() if chance.random() < 0.5 else text.replace(" ", "")
        elif kind == 3:
            text = text[:at] + chance.choice(ODD) + text[at:]
        elif kind == 4:
            text = "".join(c for c in text if chance.random() > 0.05)
        elif kind == 5:
            text = text.replace(". ", chance.choice([" ", "\n", "! ", " • ", ": "]))
        else:
            text = text[:at] + text[at : at + 40] * chance.randint(2, 6) + text[at:]
    return text[:20_000]


def check(told: ItemMentions) -> None:
    """Valid output: it survives the wire, and every quote stands in the text it came from."""
    again = msgspec.json.decode(msgspec.json.encode(told), type=ItemMentions)
    assert again == told
    for mention in told.mentions:
        assert mention.trigger.text and mention.trigger.start < mention.trigger.end
        for place in mention.places:
            assert place.lat is None or -90 <= place.lat <= 90


def run(pipeline: Pipeline, runs: int, seed: int, limit: int) -> Iterator[str]:
    """What failed, with the text that did it."""
    chance, pool = random.Random(seed), texts()
    for number in range(runs):
        body = corrupted(pool, chance)
        item = Item(
            source_id="fuzz",
            external_id=str(number),
            kind="new",
            published_at=datetime(2025, 6, 1, tzinfo=UTC),
            body=body,
        )
        signal.alarm(limit)
        try:
            check(pipeline.read([item])[0])
        except Exception as error:  # every kind of failure is a finding
            yield f"{type(error).__name__}: {error}: {body!r}"
        finally:
            signal.alarm(0)


def _stuck(*_: object) -> None:
    raise Stuck


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--index", type=Path)
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, _stuck)
    began, failures = time.monotonic(), list(run(Pipeline(options.index), options.runs, options.seed, options.seconds))
    for failure in failures[:20]:
        print(failure[:600])
    print(f"{options.runs} texts, {len(failures)} failures, {time.monotonic() - began:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
