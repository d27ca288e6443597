"""A whole embedded service for the crash tests: `python -m tests.integration.embedded_service FOLDER SEED`.

One source, polled in pieces, gives a test stream; alerts go to FOLDER/alerts.jsonl. With TOCSIN_TEST_DIE the process
kills itself with that probability each time an alert was written and not yet marked.
"""

import os
import random
import signal
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import structlog
from msgspec.structs import replace

from processors.model import Alert, Item
from processors.resolve.resolve import Policy
from producers.kinds import Poll
from producers.poll import PollResult
from producers.poller import Poller
from producers.sources import Source
from producers.state import SourceState, decode
from streams.embedded import Embedded
from streams.extracting import read_all
from streams.feeding import Feeding
from streams.intake import Rejects
from streams.readers import Readers
from streams.sinks.jsonl import JsonLinesSink
from streams.store import Store
from tests.plainreader import PlainReader, stream

ITEMS = 160
POLL = 11  # items a poll
SOURCE = Source(id="wire", url="https://wire.example/feed")


class PlainRecipe:
    """Makes the reader that needs no models."""

    def pipeline(self) -> PlainReader:
        return PlainReader()


class DyingSink(JsonLinesSink):
    """Dies now and then where it hurts most: after writing, before the alert is marked."""

    def send(self, alert: Alert) -> None:
        super().send(alert)
        if random.random() < float(os.environ.get("TOCSIN_TEST_DIE", "0")):
            os.kill(os.getpid(), signal.SIGKILL)


def poll_from(items: list[Item]) -> Poll:
    """A source that gives the stream piece by piece, from where its state says."""

    def poll(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        part = tuple(items[state.cursor : state.cursor + POLL])
        cursor = state.cursor + len(part)
        after = replace(state, cursor=cursor, next_poll=now if cursor < len(items) else None)
        return PollResult(source_id=source.id, outcome="new" if part else "unchanged", state=after, items=part)

    return poll


def known_states(store: Store) -> Mapping[str, SourceState]:
    with store.looking() as work:
        said = work.position(f"source:{SOURCE.id}")
    return {SOURCE.id: decode(said.encode())} if said else {}


def main() -> None:
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    store, stopping = Store(f"sqlite:///{folder}/state.db"), Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    poller = Poller([SOURCE], known_states(store), poll_from(stream(ITEMS, seed)), workers=1).start()
    rejects = Rejects("extract", lambda _: None)
    feeding = Feeding(poller, None, rejects, chunk=4, stopping=stopping.is_set, tick=3600)
    sink = DyingSink(folder / "alerts.jsonl")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with Readers(PlainRecipe(), read_all, 1, lambda: feeding.waiting) as readers:  # type: ignore[arg-type]
        service = Embedded(store, Policy(), [sink], structlog.get_logger(), timedelta(days=30), stopping)
        service.run(feeding, readers)
    poller.stop()
    store.close()


if __name__ == "__main__":
    main()
