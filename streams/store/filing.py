"""Entries as a writer remembers them: those of an item, a component, an incident, under a key. An index that is there
is complete.

What the transaction that runs has changed is laid over all that is read, since the database has not seen it yet.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Literal

from processors.resolve.blocking import NEWEST
from processors.resolve.state import Changes, Entry
from streams.store.work import Filed

Home = Literal["item_key", "component", "incident_id"]
HOMES: tuple[Home, ...] = ("item_key", "component", "incident_id")


class Filing:
    """`under` holds the `NEWEST` newest entries of a key, their bodies only where they were read."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.of: dict[Home, dict[str, set[str]]] = {home: {} for home in HOMES}
        self.under: dict[str, Filed] = {}
        self._over: dict[str, Entry | None] = {}  # changed and not yet written; None: stands no more

    @property
    def unwritten(self) -> int:
        """So many of what the database says may be wrong."""
        return len(self._over)

    def named(self, entry_ids: Iterable[str]) -> list[Entry]:
        return [self.entries[name] for name in sorted(entry_ids)]

    # what was read

    def learn(self, read: Iterable[Entry]) -> None:
        for entry in read:
            if entry.entry_id not in self._over:
                self.entries[entry.entry_id] = entry

    def learn_homes(self, home: Home, names: Collection[str], read: Collection[Entry]) -> None:
        """All entries of these items, components or incidents."""
        self.learn(read)
        index = self.of[home]
        index |= {name: set() for name in names}
        for entry in self._with_changes(read):
            if (name := getattr(entry, home)) in names:
                index[name].add(entry.entry_id)

    def learn_keys(self, keys: Collection[str], read: Mapping[str, Filed]) -> None:
        """The newest entries under each key: `NEWEST`, and as many more as are unwritten."""
        fresh = {key: [each for each in read.get(key, ()) if each[1] not in self._over] for key in keys}
        for name, entry in self._over.items():
            for key in entry.keys if entry else ():
                if entry and key in fresh:
                    insort(fresh[key], (entry.published_at, name))
        self.under |= {key: filed[-NEWEST:] for key, filed in fresh.items()}

    def _with_changes(self, read: Iterable[Entry]) -> list[Entry]:
        changed = [entry for entry in self._over.values() if entry]
        return [*(entry for entry in read if entry.entry_id not in self._over), *changed]

    # what is decided

    def change(self, changes: Changes) -> None:
        for name in changes.drop:
            self._take_out(name)
            self._over[name] = None
        for entry in changes.put:
            self._put(entry)
            self._over[entry.entry_id] = entry

    def written(self) -> None:
        """The database says the same from now on."""
        self._over.clear()

    def lose(self, names: Iterable[str]) -> None:
        """Entries that are gone, and nowhere else any more."""
        for name in names:
            self._take_out(name)

    def _put(self, entry: Entry) -> None:
        old = self.entries.get(entry.entry_id)
        refiled = old is None or (old.keys, old.published_at) != (entry.keys, entry.published_at)
        self._take_out(entry.entry_id, refiled)
        self.entries[entry.entry_id] = entry
        for home, index in self.of.items():
            if (of := getattr(entry, home)) in index:
                index[of].add(entry.entry_id)
        for key in entry.keys if refiled else ():
            if key in self.under:
                self._file(self.under[key], (entry.published_at, entry.entry_id))

    def _take_out(self, name: str, unfile: bool = True) -> None:
        old = self.entries.pop(name, None)
        if old is None:  # what is changed was read before, or is new
            return
        for home, index in self.of.items():
            if (of := getattr(old, home)) in index:
                index[of].discard(name)
        for key in old.keys if unfile else ():
            self._unfile(key, (old.published_at, name))

    @staticmethod
    def _file(filed: Filed, place: tuple[datetime, str]) -> None:
        at = bisect_left(filed, place)
        if filed[at : at + 1] != [place]:
            filed.insert(at, place)
            del filed[:-NEWEST]

    def _unfile(self, key: str, place: tuple[datetime, str]) -> None:
        filed = self.under.get(key, [])
        at = bisect_left(filed, place)
        if filed[at : at + 1] != [place]:
            return
        if len(filed) >= NEWEST:
            del self.under[key]  # an older one moves up, that was not read
        else:
            del filed[at]
