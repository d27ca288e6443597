"""What resolving one item costs against the number of open incidents, and the memory of the working set.

usage: python -m benchmarks.resolve.load [--sizes 1000 10000 100000] [--items 500] [--rate 500] [--lately 2]
                                          [--store FILE] [--chunk 1] [--tellings 1 1 2 3] [--towns 22000]
So many incidents a day happen in the world, however many are kept open: more of them are open for longer. New items tell of
incidents of the last days. The state is memory, or with `--store` an SQLite file for each size (its number is added to the
name; one that is there is used again), read and written as the service does, `--chunk` items a transaction. The sizes
take turns, so that what else the machine does falls on all alike. A file is measured twice: as a service starts, which
remembers nothing, and after as many items, when what was told lately is remembered. Milliseconds are of this process's processor.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple

from benchmarks.resolve.filling import BASE, fill_file, fill_memory, met_copies
from benchmarks.resolve.world import START, TELLINGS, TOWNS, World
from processors.model import ItemMentions
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy
from streams.store import Remembering, Store
from streams.store.remembering import Remembered
from streams.topology import take_in

Turn = Callable[[], AbstractContextManager[MemoryState | Remembered]]


class Filled(NamedTuple):
    """A state with so many open incidents: how a transaction on it begins; the MB it holds in memory, or what it
    remembers of a file."""

    size: int
    world: World
    turn: Turn
    megabytes: float | None
    remembers: Remembering | None = None


def in_memory(size: int, world: World) -> Filled:
    before = resident_mb()
    state = fill_memory(world, size)
    return Filled(size, world, lambda: nullcontext(state), resident_mb() - before)


def in_store(size: int, world: World, path: Path) -> Filled:
    if path.exists():
        store = Store(f"sqlite:///{path}")
    else:
        began = time.monotonic()
        store = fill_file(world, size, path)
        print(
            f"{size:>9,} filled in {time.monotonic() - began:,.0f} s, {path.stat().st_size / 2**20:,.0f} MB", flush=True
        )
    return Filled(size, world, (memory := Remembering(store)).writing, None, memory)


def costs(
    filled: Sequence[Filled], streams: Sequence[Iterator[ItemMentions]], items: int, chunk: int
) -> list[list[float]]:
    """For each state the milliseconds of processor time an item, sorted."""
    spent: list[list[float]] = [[] for _ in filled]
    for _ in range(items // chunk):
        for into, state, stream in zip(spent, filled, streams, strict=True):
            into.append(_cost(state.turn, [next(stream) for _ in range(chunk)]))
    return [sorted(each) for each in spent]


def _cost(turn: Turn, told: Sequence[ItemMentions]) -> float:
    """Milliseconds an item of one transaction."""
    began = time.process_time()
    with turn() as state:
        if isinstance(state, Remembered):
            state.expect(told)
        for each in told:
            take_in(each, state, Policy(), each.published_at)
    return (time.process_time() - began) * 1000 / len(told)


def line(filled: Filled, spent: Sequence[float], first: Sequence[float]) -> str:
    """The figures of one size; the ratio is that of the means to the first size's."""
    mean, median, p95 = sum(spent) / len(spent), spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
    memory = f"; {filled.megabytes:,.0f} MB" if filled.megabytes is not None else ""
    ratio = mean / (sum(first) / len(first))
    return f"{filled.size:>9,} open: mean {mean:.2f} ms ({ratio:.2f} x), median {median:.2f}, p95 {p95:.2f}{memory}"


def resident_mb() -> float:
    """Memory of this process, from /proc."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000, 100000])
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--rate", type=float, default=500, help="incidents a day")
    parser.add_argument("--lately", type=float, default=2, help="days to the end in which new incidents happen")
    parser.add_argument("--towns", type=int, default=TOWNS)
    parser.add_argument("--tellings", type=int, nargs="+", default=TELLINGS, help="of an incident, each as likely")
    parser.add_argument("--chunk", type=int, default=1, help="items a transaction")
    parser.add_argument("--store", type=Path, help="files of the state; without, it is in memory")
    return parser.parse_args()


def main() -> None:
    args = _arguments()
    filled = []
    for size in args.sizes:
        made = min(size, BASE) if args.store else size
        world = World(made / args.rate, args.towns, args.tellings)
        path = args.store.with_name(f"{args.store.name}-{size}") if args.store else None
        filled.append(in_store(size, world, path) if path else in_memory(size, world))
        world.since = max(0.0, world.days - args.lately)
    new = time.time_ns() // 1000  # incidents that no earlier run on the same file told
    streams = [each.world.items(new) for each in filled]
    for phase in ("as it starts", "once warm"):
        spent = costs(filled, streams, args.items, args.chunk)
        print(f"{phase}, {args.items} items:")
        for state, figures in zip(filled, spent, strict=True):
            print(line(state, figures, spent[0]), flush=True)
    if any(met_copies(each.remembers) for each in filled if each.remembers):
        print("copies were met: the short way of filling does not hold for these figures")
    print(f"resident after all: {resident_mb():,.0f} MB; {args.rate:g} incidents a day from {START:%Y-%m-%d}")


if __name__ == "__main__":
    main()
