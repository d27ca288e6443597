"""What resolving one item costs against the number of open incidents, and the memory of the working set.

usage: python -m benchmarks.resolve.load [--sizes 1000 10000 100000] [--items 300]
Incidents fall on 4,000 towns, a few of which hold most of them, over 14 days; an incident has one to three tellings.
"""

import argparse
import gc
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import msgspec

from processors.model import Count, EventType, ItemMentions, Mention, Modality, Place, Span, When
from processors.normalize import fingerprint
from processors.resolve.build import build
from processors.resolve.intake import entries_of
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy, resolve
from processors.resolve.state import Changes, IncidentState, ItemState
from processors.resolve.stems import frequencies
from processors.resolve.told import Telling

START = datetime(2025, 6, 1, tzinfo=UTC)
DAYS = 14
TOWNS = 4000
Town = tuple[float, float, str]
SYLLABLES = [
    "ba",
    "ke",
    "li",
    "mo",
    "nu",
    "ra",
    "si",
    "to",
    "va",
    "ze",
    "cha",
    "dri",
    "fel",
    "gon",
    "hul",
    "jas",
    "kor",
    "lam",
]


class World:
    """Towns with a steep distribution; wordings of everyday words, as often as the frequency table has them, and rare ones."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.towns = [(self.rng.uniform(-35, 60), self.rng.uniform(-100, 120), self._name()) for _ in range(TOWNS)]
        self.town_weights = [1 / (k + 5) ** 1.05 for k in range(TOWNS)]
        everyday = {stem: n for (lang, stem), n in frequencies().texts.items() if lang == "en"}
        self.words, self.word_weights = list(everyday), list(everyday.values())

    def _name(self) -> str:
        return "".join(self.rng.choices(SYLLABLES, k=self.rng.randint(3, 5)))

    def items(self, incidents: int) -> Iterator[ItemMentions]:
        """The tellings of so many incidents."""
        for number in range(incidents):
            town = self.rng.choices(self.towns, self.town_weights)[0]
            at = START + timedelta(days=self.rng.uniform(0, DAYS))
            kind = self.rng.choice(list(EventType))
            words = [*self.rng.choices(self.words, self.word_weights, k=30), *(self._name() for _ in range(8))]
            for telling in range(self.rng.choice((1, 1, 2, 3))):
                yield self._telling(f"i{number}-{telling}", town, at + timedelta(hours=telling), kind, words)

    def _telling(self, name: str, town: Town, at: datetime, kind: EventType, words: list[str]) -> ItemMentions:
        lat, lon, named = town
        kept = [w for w in words if self.rng.random() < 0.6]
        text = " ".join([named, *kept, *self.rng.choices(self.words, self.word_weights, k=20), self._name()])
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        spot = Place(
            role="target", text=named, start=0, end=1, precision="locality", name=named, country="XX", lat=lat, lon=lon
        )
        mention = Mention(
            event_type=kind, trigger=Span(0, 1, "x"), modality=Modality.ACTUAL, confidence=0.8, words=text,
            when=When(start=day, end=day + timedelta(days=1), precision="day", local_date=day.date().isoformat()),
            places=(spot,), killed=Count(min=(n := self.rng.randint(0, 9)), max=n),
        )  # fmt: skip
        source = f"s{self.rng.randrange(500)}"
        return ItemMentions(
            item=f"{source}/{name}@0", source_id=source, external_id=name, revision=0, kind="new", published_at=at,
            lang="en", fingerprint=fingerprint(text), mentions=(mention,),
        )  # fmt: skip


def fill(world: World, incidents: int) -> MemoryState:
    """A working set of so many incidents, filed without resolving."""
    state = MemoryState(horizon=timedelta(days=90))
    for item in world.items(incidents):
        incident_id = item.external_id.split("-")[0]
        [entry] = entries_of(item, stands=True)
        entry = msgspec.structs.replace(entry, incident_id=incident_id)
        record = ItemState(item_key=entry.item_key, revision=0, record=msgspec.structs.replace(item, mentions=()))
        made = build(incident_id, [Telling(entry, item)], lambda *_: None, version=1)
        state.apply(
            Changes(
                verdict="applied", item=record, put=(entry,), incidents=(IncidentState(incident=made, announced=made),)
            )
        )
    return state


def measure(open_incidents: int, items: int) -> str:
    """One line of figures for a working set of so many incidents."""
    world = World(7)
    before = resident_mb()
    state = fill(world, open_incidents)
    gc.collect()
    memory = (resident_mb() - before) * 1024 / open_incidents
    spent = []
    for item in islice(world.items(items), items):
        renamed = msgspec.structs.replace(
            item, external_id=f"new-{item.external_id}", item=f"{item.source_id}/new-{item.external_id}@0"
        )
        began = time.process_time()
        resolve(renamed, state, item.published_at, Policy())
        spent.append((time.process_time() - began) * 1000)
    spent.sort()
    mean, median, p95 = sum(spent) / len(spent), spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
    return f"{open_incidents:>9,} open: mean {mean:.2f} ms, median {median:.2f}, p95 {p95:.2f}; {memory:.1f} kB an incident"


def resident_mb() -> float:
    """Memory of this process, from /proc."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000, 100000])
    parser.add_argument("--items", type=int, default=300)
    args = parser.parse_args()
    for size in args.sizes:
        print(measure(size, args.items), flush=True)


if __name__ == "__main__":
    main()
