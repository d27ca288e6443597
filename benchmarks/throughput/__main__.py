"""Items a second of `tocsin replay`, beside spaCy's full pipe over the same texts, in one run on this machine.

usage: python -m benchmarks.throughput [--repeat N] [--jobs N]

The stream is mixed: the English benchmark stream and the labelled corpus (half of it noise), each item `--repeat` times
under other
ids and with other figures in the text, so that nothing is answered from a cache. Both sides get the same number of
processes.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.throughput.baseline import parsed

ROOT = Path(__file__).resolve().parents[2]
STREAM = ROOT / "benchmarks" / "incidents" / "en" / "items.jsonl"
CORPUS = ROOT / "tools" / "train" / "corpus" / "en.jsonl"


def mixed(repeat: int) -> list[dict[str, Any]]:
    """The items in order of publication."""
    items = [json.loads(line) for line in STREAM.read_text("utf8").splitlines()]
    for line in CORPUS.read_text("utf8").splitlines():
        text = json.loads(line)
        items.append(
            {
                "source_id": f"corpus-{text['channel']}", "channel": text["channel"], "external_id": text["id"],
                "revision": 0,
                "kind": "new", "title": text["title"], "body": text["body"], "published_at": text["published_at"],
                "lang": "en",
            }
        )  # fmt: skip
    copies = [again(item, n) for n in range(repeat) for item in items]
    return sorted(copies, key=lambda item: item["published_at"])


def again(item: dict[str, Any], number: int) -> dict[str, Any]:
    """The item as another outlet would have it: other ids, and a line of its own."""
    if not number:
        return item
    body = f"{item['body']} Edition {number}." if item["body"] else ""
    return item | {"source_id": f"{item['source_id']}-{number}", "body": body}


def replayed(items: list[dict[str, Any]], jobs: int) -> tuple[float, float]:
    """Seconds and peak megabytes of the largest process of `tocsin replay`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "items.jsonl")
        path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), "utf8")
        command = [
            "tocsin",
            "replay",
            str(path),
            "--jobs",
            str(jobs),
            "--incidents",
            str(Path(folder, "incidents.jsonl")),
        ]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def piped(texts: list[str], jobs: int) -> float:
    """Seconds of spaCy's full pipe in `jobs` processes, model loading left in, as it is on the other side."""
    shares = [texts[n::jobs] for n in range(jobs)]
    began = time.perf_counter()
    with get_context("spawn").Pool(jobs) as pool:
        pool.map(parsed, shares, chunksize=1)
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    items = mixed(options.repeat)
    texts = [f"{item['title'] or ''}\n\n{item['body']}" for item in items]
    seconds, megabytes = replayed(items, options.jobs)
    beside = piped(texts, options.jobs)
    print(f"items                     {len(items)}")
    print(f"tocsin replay             {len(items) / seconds:8.1f} items/s, largest process {megabytes:.0f} MB")
    print(f"spaCy's full pipe         {len(items) / beside:8.1f} items/s")
    print(f"ratio                     {beside / seconds:8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
