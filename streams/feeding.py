"""What the embedded service is fed: polls of sources and lines of items, as units that change the state together."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from processors.model import Item
from producers.poll import PollResult
from producers.poller import Poller
from producers.state import encode
from streams.codec import decode_item
from streams.intake import Rejects, decoded
from streams.lines import Lines

NAP = 0.25  # seconds between looks at the inputs
TICK = 5.0  # seconds without input after which held-back alerts are looked at


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """Items that are taken in together. `position` is written in the same transaction; `poll` ends with this unit."""

    items: tuple[Item, ...] = ()
    position: tuple[str, str] | None = None
    poll: PollResult | None = None
    source_kind: str = "none"  # of the poll's source
    tick: datetime | None = None  # nothing came until then: held-back alerts that are due may go


class Feeding:
    """Merges a poller and lines, either of which may be missing. `units` ends when both have, or on `stop`."""

    def __init__(
        self,
        poller: Poller | None,
        lines: Lines | None,
        rejects: Rejects,
        chunk: int,
        stopping: Callable[[], bool],
        tick: float = TICK,
        kinds: Mapping[str, str] | None = None,
    ) -> None:
        self._poller, self._lines, self._rejects = poller, lines, rejects
        self._chunk, self._stopping, self._tick = chunk, stopping, tick
        self._kinds = kinds or {}  # of sources, by id
        self._ahead = 0  # items of a poll that are not yet handed out

    @property
    def waiting(self) -> int:
        """Items that are there and were not yet handed out, about."""
        return self._ahead + (self._lines.waiting if self._lines else 0)

    def units(self) -> Iterator[Unit]:
        quiet_since = time.monotonic()
        while not self._stopping() and not self._finished():
            came = False
            for unit in self._next():
                came = True
                yield unit
            if came:
                quiet_since = time.monotonic()
            elif time.monotonic() - quiet_since > self._tick:
                quiet_since = time.monotonic()
                yield Unit(tick=datetime.now(UTC))
        if not self._stopping():
            yield Unit(tick=datetime.now(UTC))

    def taken(self, unit: Unit) -> None:
        """The unit is stored: its source may be polled again."""
        if unit.poll and self._poller:
            self._poller.acknowledge(unit.poll)

    def _finished(self) -> bool:
        lines_done = self._lines is None or self._lines.ended
        return lines_done and (self._poller is None or self._poller.finished)

    def _next(self) -> Iterator[Unit]:
        from_lines = bool(self._lines and not self._lines.ended)
        if self._lines and from_lines:
            chunk = self._lines.take(self._chunk, wait=NAP)
            for items in decoded([chunk], decode_item, self._rejects):
                yield Unit(items=tuple(items))
        if self._poller and (result := self._poller.take(timeout=0.001 if from_lines else NAP)):
            yield from self._pieces(result)

    def _pieces(self, result: PollResult) -> Iterator[Unit]:
        """A poll in chunks; the source's state goes with the last, so that a poll cut short is asked for again."""
        items, size = result.items, self._chunk
        for start in range(0, len(items) - size, size):
            self._ahead = len(items) - start - size
            yield Unit(items=items[start : start + size])
        self._ahead = 0
        last = items[(len(items) - 1) // size * size :] if items else ()
        state = encode(result.state).decode()
        kind = self._kinds.get(result.source_id, "none")
        yield Unit(items=last, position=(f"source:{result.source_id}", state), poll=result, source_kind=kind)
