"""What resolving one item costs against the number of open incidents, and the memory of the working set.

usage: python -m benchmarks.resolve.load [--sizes 1000 10000 100000] [--items 300] [--rate 500 | --days 14] [--towns 22000]
                                          [--store FILE]
So many incidents a day happen in the world, however many are kept open: more of them are open for longer. With `--days` all
lie within so many days instead, which crowds them. A few towns hold most incidents; an incident has one to three tellings.
Milliseconds are those of the processor, since other work on the machine would count in the clock's. With `--store` the state
is an SQLite database instead of memory.
"""

import argparse
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from random import Random

import msgspec

from processors.model import Count, EventType, ItemMentions, Mention, Modality, Place, Span, When
from processors.normalize import fingerprint
from processors.resolve.build import build
from processors.resolve.intake import entries_of
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy, resolve
from processors.resolve.state import Changes, IncidentState, ItemState, StateView
from processors.resolve.stems import frequencies
from processors.resolve.told import Telling
from streams.store import Store

START = datetime(2025, 6, 1, tzinfo=UTC)
BATCH = 2000  # items filed in one transaction
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

    def __init__(self, seed: int, towns: int, days: float) -> None:
        self.rng, self.days = Random(seed), days
        self.towns = [(self.rng.uniform(-35, 60), self.rng.uniform(-100, 120), self._name()) for _ in range(towns)]
        self.town_weights = list(accumulate(1 / (k + 5) ** 1.05 for k in range(towns)))
        everyday = {stem: n for (lang, stem), n in frequencies().texts.items() if lang == "en"}
        self.words, self.word_weights = list(everyday), list(accumulate(everyday.values()))

    def _name(self) -> str:
        return "".join(self.rng.choices(SYLLABLES, k=self.rng.randint(3, 5)))

    def items(self, incidents: int) -> Iterator[ItemMentions]:
        """The tellings of so many incidents."""
        for number in range(incidents):
            town = self.rng.choices(self.towns, cum_weights=self.town_weights)[0]
            at = START + timedelta(days=self.rng.uniform(0, self.days))
            kind = self.rng.choice(list(EventType))
            words = [
                *self.rng.choices(self.words, cum_weights=self.word_weights, k=30),
                *(self._name() for _ in range(8)),
            ]
            for telling in range(self.rng.choice((1, 1, 2, 3))):
                yield self._telling(f"i{number}-{telling}", town, at + timedelta(hours=telling), kind, words)

    def _telling(self, name: str, town: Town, at: datetime, kind: EventType, words: list[str]) -> ItemMentions:
        lat, lon, named = town
        kept = [w for w in words if self.rng.random() < 0.6]
        text = " ".join(
            [named, *kept, *self.rng.choices(self.words, cum_weights=self.word_weights, k=20), self._name()]
        )
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


def filed(world: World, incidents: int) -> Iterator[Changes]:
    """So many incidents, as resolving would have left them."""
    for item in world.items(incidents):
        incident_id = item.external_id.split("-")[0]
        [entry] = entries_of(item, stands=True)
        entry = msgspec.structs.replace(entry, incident_id=incident_id, component=f"0/{incident_id}")
        record = ItemState(item_key=entry.item_key, revision=0, record=msgspec.structs.replace(item, mentions=()))
        made = build(incident_id, [Telling(entry, item)], lambda *_: None, version=1)
        state = IncidentState(incident=made, announced=made)
        yield Changes(verdict="applied", item=record, put=(entry,), incidents=(state,))


def in_memory(world: World, incidents: int) -> MemoryState:
    state = MemoryState(horizon=timedelta(days=2 * world.days))
    for changes in filed(world, incidents):
        state.apply(changes)
    return state


def in_store(world: World, incidents: int, path: Path) -> Store:
    store, made = Store(f"sqlite:///{path}"), filed(world, incidents)
    while batch := list(islice(made, BATCH)):
        with store.writing() as work:
            work.apply_all(batch)
    return store


def costs(world: World, items: int, view: Callable[[], AbstractContextManager[StateView]]) -> list[float]:
    """Milliseconds of processor time an item, sorted; each new item tells of an incident as those filed are."""
    spent = []
    for item in islice(world.items(items), items):
        name = f"new-{item.external_id}"
        told = msgspec.structs.replace(item, external_id=name, item=f"{item.source_id}/{name}@0")
        with view() as state:
            began = time.process_time()
            resolve(told, state, told.published_at, Policy())
            spent.append((time.process_time() - began) * 1000)
    return sorted(spent)


def measure(open_incidents: int, items: int, world: World, path: Path | None) -> str:
    """One line of figures for so many open incidents."""
    before = resident_mb()
    if path is None:
        state = in_memory(world, open_incidents)
        spent = costs(world, items, lambda: nullcontext(state))
    else:
        store = in_store(world, open_incidents, path)
        spent = costs(world, items, store.looking)
    gc.collect()
    memory = resident_mb() - before
    mean, median, p95 = sum(spent) / len(spent), spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
    return f"{open_incidents:>9,} open: mean {mean:.2f} ms, median {median:.2f}, p95 {p95:.2f}; {memory:,.0f} MB"


def resident_mb() -> float:
    """Memory of this process, from /proc."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000, 100000])
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--rate", type=float, default=500, help="incidents a day")
    parser.add_argument("--days", type=float, help="all within so many days instead")
    parser.add_argument("--towns", type=int, default=22000)
    parser.add_argument("--store", type=Path, help="a new file for each size: its number is added to the name")
    args = parser.parse_args()
    for size in args.sizes:
        path = args.store.with_name(f"{args.store.name}-{size}") if args.store else None
        days = args.days or size / args.rate
        print(measure(size, args.items, World(7, args.towns, days), path), flush=True)


if __name__ == "__main__":
    main()
