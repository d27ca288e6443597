"""A state with many open incidents, without resolving each among all others.

`alone`: every incident is resolved on an empty state of its own. Where no two touch, that makes exactly what resolving one
after the other makes, in any order (`tests/unit/test_load.py`).

`fill_file`: an SQLite file of which the newest `BASE` incidents are made so, and those of the years before are copies of
their rows: ids of their own, keys and times moved back, bodies as they are. What is told now meets none of them (the keys hold
the day, and the copies' other keys are made different), so no body of a copy is ever read; `met_copies` says so.
"""

import math
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Table

from benchmarks.resolve.world import World
from processors.resolve.blocking import WORD_DAYS
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy, flush_due, resolve
from processors.resolve.state import Changes
from streams.store import Remembering, Store, tables

BASE = 5000  # incidents that are made; at the usual rate ten days, more than a lookup asks for
GAP = 4  # spans of `WORD_DAYS` between the base and the copies: more than a lookup asks for
BATCH = 100  # incidents filed in one transaction
LATER = timedelta(days=1)  # after which nothing held back waits any more
# for a fill that is begun anew if it breaks: no journal, a large cache, sorting on disk
_PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=FILE")
_NAMES = frozenset({"item_key", "entry_id", "incident_id", "component", "alert_id"})
_TIMES = frozenset({"published_at", "happened_at", "first_reported_at", "updated_at", "sent_at"})
_FILLED = (tables.items, tables.entries, tables.incidents, tables.incident_versions, tables.outbox)
_DATED = {"d": 2, "t": 2, "p": 2, "s": 2, "f": 2, "w": 3}  # kind of key → which part of it is a day, or a span of days


def alone(world: World, number: int) -> Iterator[Changes]:
    """What resolving the tellings of one incident changes where there is no other, and all its alerts have gone out."""
    state, told = MemoryState(), world.incident(number)
    for each in told:
        yield (due := flush_due(state, each.published_at, Policy()))
        state.apply(due)
        yield (changes := resolve(each, state, each.published_at, Policy()))
        state.apply(changes)
    yield flush_due(state, told[-1].published_at + LATER, Policy())


def fill_memory(world: World, incidents: int) -> MemoryState:
    state = MemoryState(horizon=timedelta(days=2 * world.days))
    for number in range(incidents):
        for changes in alone(world, number):
            state.apply(changes)
    return state


def fill_store(world: World, incidents: int, url: str) -> Store:
    """An empty database with incidents that are all made, none copied."""
    store = Store(url)
    for first in range(0, incidents, BATCH):
        numbers = range(first, min(first + BATCH, incidents))
        with store.writing() as work:
            work.apply_all([changes for number in numbers for changes in alone(world, number)])
    return store


def fill_file(world: World, incidents: int, path: Path) -> Store:
    """A new file with so many incidents, a multiple of `BASE` where there are more. `world` is that of the base."""
    if incidents <= BASE:
        return fill_store(world, incidents, f"sqlite:///{path}")
    base = path.with_name(f"{path.name}-base")
    fill_store(world, BASE, f"sqlite:///{base}").close()
    Store(f"sqlite:///{path}").close()
    _multiply(base, path, incidents // BASE, math.ceil(world.days / WORD_DAYS))
    return Store(f"sqlite:///{path}")


def met_copies(memory: Remembering) -> int:
    """How many copies were read; 0 if the short way made no difference."""
    return sum(name.startswith("copy") for name in memory.filing.entries)


def _multiply(base: Path, path: Path, times: int, spans: int) -> None:
    """The base, and copies of it until it is there so many times, each so many spans of `WORD_DAYS` before the last."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("ATTACH ? AS base", (str(base),))
    connection.execute("BEGIN")
    wanted = "SELECT name, sql FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = connection.execute(wanted).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX main.{name}")
    connection.execute("CREATE TEMP TABLE turns (n INTEGER, back INTEGER)")
    connection.executemany("INSERT INTO turns VALUES (?, ?)", ((n, GAP + n * spans) for n in range(1, times)))
    for table in _FILLED:
        _copy(connection, table)
    _copy_keys(connection)
    for _, made in indexes:
        connection.execute(made)
    connection.execute("COMMIT")
    connection.close()


def _copy(connection: sqlite3.Connection, table: Table) -> None:
    """The base's rows as they are, then those of every turn."""
    columns = [c.name for c in table.columns if c.name != "seq"]
    given, moved = ", ".join(f'"{c}"' for c in columns), ", ".join(map(_moved, columns))
    connection.execute(f"INSERT INTO main.{table.name} ({given}) SELECT {given} FROM base.{table.name}")
    connection.execute(f"INSERT INTO main.{table.name} ({given}) SELECT {moved} FROM turns, base.{table.name}")


def _moved(column: str) -> str:
    """How a copy has a column."""
    if column in _NAMES:
        return f"'copy' || n || '/' || {column}"
    if column in _TIMES:
        return f"date({column}, (-{WORD_DAYS} * back) || ' days') || substr({column}, 11)"
    return f'"{column}"'


def _copy_keys(connection: sqlite3.Connection) -> None:
    """In the order of the tree, so that each of its pages is written once."""
    connection.execute(
        "CREATE TEMP TABLE parts (head TEXT, at INTEGER, step INTEGER, tail TEXT, told_at, entry_id TEXT)"
    )
    found = connection.execute("SELECT key, told_at, entry_id FROM base.entry_keys").fetchall()
    split = ((*_parts(key), told_at, entry_id) for key, told_at, entry_id in found)
    connection.executemany("INSERT INTO parts VALUES (?, ?, ?, ?, ?, ?)", split)
    moved = f"{_moved('published_at')}, {_moved('entry_id')}".replace("published_at", "told_at")
    connection.execute(
        "INSERT INTO main.entry_keys (key, told_at, entry_id) SELECT key, told_at, entry_id FROM base.entry_keys "
        f"UNION ALL SELECT head || (at - step * back) || tail, {moved} FROM turns, parts ORDER BY 1, 2, 3"
    )


def _parts(key: str) -> tuple[str, int, int, str]:
    """What stands before the day, or span of days, of a key, that number, how much a span moves it, what stands behind."""
    parts = key.split("|")
    if (place := _DATED.get(parts[0])) is None:
        return f"{key}|copy", 0, 1, ""
    head, tail = "".join(f"{p}|" for p in parts[:place]), "".join(f"|{p}" for p in parts[place + 1 :])
    return head, int(parts[place]), 1 if parts[0] == "w" else WORD_DAYS, tail
