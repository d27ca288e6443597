"""Worker processes, streams of items and what comes out, for tests and benchmarks on real servers."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

from processors.model import Alert, Incident, Item
from streams import codec, topology
from streams.kafka_dead_letters import Desk, Letter, as_original
from streams.kafka_envelope import Original, item_headers
from streams.kafka_io import Record, partitions, reader
from streams.kafka_settings import KafkaSettings

ROOT = Path(__file__).resolve().parents[2]
START = datetime(2026, 3, 1, tzinfo=UTC)
T = TypeVar("T")


def environment(settings: KafkaSettings, database: str) -> dict[str, str]:
    """Both settings as variables, for a process."""
    given = settings.model_dump(mode="json", exclude_none=True, exclude={"password"})
    kafka = {f"TOCSIN_KAFKA_{name.upper()}": str(value) for name, value in given.items()}
    return os.environ | kafka | {"TOCSIN_DATABASE_URL": database, "PYTHONPATH": str(ROOT)}


class Workers:
    """Processes of the stages, with their logs under `folder`."""

    def __init__(self, settings: KafkaSettings, database: str, folder: Path, **extra: str) -> None:
        self.settings, self.folder = settings, folder
        self.environment = environment(settings, database) | extra
        self.command = [sys.executable, "-m", "tests.kafka.worker"]
        self.running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, *stages: str) -> "Workers":
        for stage in stages:
            with (self.folder / f"{stage}.log").open("ab") as log:
                run = [*self.command, stage]
                child = subprocess.Popen(run, env=self.environment, cwd=ROOT, stdout=log, stderr=log)
            self.running.append((stage, child))
        return self

    def kill(self, index: int, signum: int = signal.SIGKILL) -> str:
        """Ends one and forgets it; returns its stage."""
        stage, child = self.running.pop(index)
        child.send_signal(signum)
        child.wait(60)
        return stage

    def revive(self) -> list[str]:
        """Starts anew what has ended by itself, as compose would; returns which."""
        dead = [(stage, child) for stage, child in self.running if child.poll() is not None]
        for pair in dead:
            self.running.remove(pair)
        self.start(*[stage for stage, _ in dead])
        return [stage for stage, _ in dead]

    def stop(self) -> None:
        for _, child in self.running:
            child.send_signal(signal.SIGCONT)
            child.kill()
        for _, child in self.running:
            child.wait(60)
        self.running.clear()

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


NAMES = (
    "Arvel",
    "Borun",
    "Celdrik",
    "Dossam",
    "Ekwane",
    "Fushtil",
    "Gomarr",
    "Hidwyn",
    "Ixtano",
    "Jobrel",
    "Kuvash",
    "Lemtir",
)
TYPES = ("bombing", "shooting", "airstrike", "abduction", "riot", "landmine")


def stream(number: int, seed: int = 1) -> list[Item]:
    """Items of several sources on incidents in several towns, with edits, deletions and rising tolls.

    All within the horizon of the working set: partitions are never farther apart than topics keep records, but after an
    outage they may be as far apart as this stream is long.
    """
    chance = random.Random(seed)
    at_once = max(120, -(-number // len(TYPES)))
    items: list[Item] = []
    for n in range(number):
        town = chance.randrange(len(NAMES))
        episode = n // at_once  # a new round of incidents every so often, days later
        when = START + timedelta(days=4 * episode, minutes=2 * n)
        kind, toll = TYPES[(town + episode) % len(TYPES)], chance.randint(1, 9)
        body = telling(town, toll, kind)
        items.append(item(f"source-{n % 7}", str(n), body, when))
        if chance.random() < 0.1:
            edited = telling(town, chance.randint(1, 9), kind)
            items.append(item(f"source-{n % 7}", str(n), edited, when + timedelta(minutes=1), 1, "edited"))
        elif chance.random() < 0.05:
            items.append(item(f"source-{n % 7}", str(n), "", when + timedelta(minutes=1), 1, "deleted"))
    return items


def telling(town: int = 0, killed: int = 1, kind: str = "bombing") -> str:
    """A body that the tests' reader understands."""
    return f"at {-30 + 9 * town:.2f} {-60 + 13 * town:.2f} killed {killed} {NAMES[town]} {kind}"


def item(source: str, external: str, body: str, when: datetime = START, revision: int = 0, kind: str = "new") -> Item:
    value = {"source_id": source, "external_id": external, "body": body, "kind": kind, "revision": revision}
    return msgspec.convert(value | {"published_at": when, "lang": "en"}, Item)


def record(settings: KafkaSettings, each: Item) -> Record:
    """The item as `tocsin produce` writes it."""
    headers = item_headers(each, settings.deployment)
    topic = settings.prefix + topology.ITEMS.name
    return Record(topic=topic, key=topology.item_key(each).encode(), value=codec.encode(each), headers=headers)


def read_topic(settings: KafkaSettings, name: str) -> list[Original]:
    """All committed records of a topic, as they are now."""
    consumer = reader(settings, isolation_level="read_committed")
    try:
        parts = partitions(consumer, settings.prefix + name)
        consumer.assign(parts)
        consumer.seek_to_beginning(*parts)
        ends, found = consumer.end_offsets(parts), []
        while any(consumer.position(part) < ends[part] for part in parts):
            found += [as_original(each) for messages in consumer.poll(500).values() for each in messages]
        return found
    finally:
        consumer.close()


def alerts(settings: KafkaSettings) -> list[Alert]:
    return [msgspec.json.decode(each.value or b"", type=Alert) for each in read_topic(settings, "alerts.v1")]


def incidents(settings: KafkaSettings) -> dict[str, Incident]:
    """The last version of each, as a consumer of the compacted topic has them."""
    found = (msgspec.json.decode(each.value or b"", type=Incident) for each in read_topic(settings, "incidents.v1"))
    return {each.incident_id: each for each in found}


def letters(settings: KafkaSettings, stage: str) -> Iterator[Letter]:
    return Desk(settings, f"{settings.prefix}{stage}.dlq.v1").letters()


def wait_for(ask: Callable[[], T], seconds: float = 240, every: float = 0.3) -> T:
    """The first answer that is true; the last one where none came in time."""
    limit = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < limit:
        time.sleep(every)
    return answer


def embedded(items: list[Item]) -> dict[str, Incident]:
    """What the embedded runtime makes of the items in their order: the last version of each incident."""
    from processors.resolve.memory import MemoryState
    from processors.resolve.resolve import Policy
    from tests.kafka.worker import PlainReader

    state, clock, policy = MemoryState(), topology.EPOCH, Policy()
    for told in topology.extract(PlainReader(), items):
        clock, _ = topology.take_in(told, state, policy, clock)
    return {each.incident_id: each for each in state.incidents()}


def standing(found: dict[str, Incident]) -> Counter[bytes]:
    """Open incidents, without what depends on the order of arrival: id, version, times."""
    plain = {"incident_id": "", "version": 0, "updated_at": None, "related": ()}
    return Counter(
        codec.encode(msgspec.structs.replace(each, **plain)) for each in found.values() if each.status == "open"
    )


def settled(settings: KafkaSettings, database: str, items: int) -> bool:
    """Everything has gone the whole way: no lag at either stage, and the outbox is empty."""
    from streams.faust_app import group
    from streams.kafka_lag import LagProbe
    from streams.relay import Outbox
    from streams.store import Store

    for stage, least in ((topology.EXTRACT, items), (topology.RESOLVE, 1)):
        probe = LagProbe(settings, group(settings, stage.name), settings.prefix + stage.reads.name)
        lag = probe()
        probe.close()
        if lag.waiting or sum(lag.committed) < least:
            return False
    store = Store(database)
    try:
        return not any(each.records for each in Outbox(store, settings).pending())
    finally:
        store.close()
