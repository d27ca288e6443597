"""Polls many sources when they are due, in threads, no faster than their results are taken in.

    while (result := poller.take(timeout=1.0)) or not poller.finished:
        if result:
            store(result.items, result.state)  # in one transaction
            poller.acknowledge(result)

A source is polled again only after its last result was acknowledged, from the state of that result: what was not stored
is asked for again. At most `waiting` results wait; then the polling threads wait, too. Nothing is dropped.
"""

import heapq
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from random import Random
from time import monotonic

from processors.errors import TocsinError
from producers.hosts import host_of
from producers.kinds import Poll
from producers.poll import PollResult, failed
from producers.sharing import Shared
from producers.sources import Source
from producers.state import SourceState, fitted

LONGEST_NAP = 5.0  # seconds
PATIENCE = 3.0  # seconds given to running polls when stopping


def utc_now() -> datetime:
    return datetime.now(UTC)


class Poller:
    """Runs `poll(source, state, now, jitter)` for each source when it is due. `once` polls each source one time."""

    def __init__(
        self,
        sources: Iterable[Source],
        states: Mapping[str, SourceState],
        poll: Poll,
        *,
        workers: int = 8,
        waiting: int = 64,
        per_host: int = 2,
        once: bool = False,
        clock: Callable[[], datetime] = utc_now,
        random: Random | None = None,
    ) -> None:
        self._sources = {source.id: source for source in sources if source.enabled}
        self._states = {
            key: fitted(states.get(key) or SourceState(source_id=key), source.url)
            for key, source in self._sources.items()
        }
        self._poll, self._per_host, self._once, self._clock = poll, per_host, once, clock
        self._random = random or Random()
        self._shared = Shared(self._sources.values(), self._states.values())
        self._results: queue.Queue[PollResult] = queue.Queue(waiting)
        self._changed = threading.Condition()
        self._due = [(due, key) for key, state in self._states.items() if (due := self._first(state))]
        heapq.heapify(self._due)
        self._open = len(self._due)  # sources that are due, being polled, or not yet acknowledged
        self._busy: Counter[str] = Counter()
        self._stopping = False
        self._threads = [threading.Thread(target=self._work, name=f"poll-{n}", daemon=True) for n in range(workers)]

    def start(self) -> "Poller":
        for thread in self._threads:
            thread.start()
        return self

    def take(self, timeout: float | None = None) -> PollResult | None:
        """The next result, in the order in which they came; None where none comes in time (seconds)."""
        try:
            result = self._results.get(timeout=timeout)
        except queue.Empty:
            return None
        return self._shared.settle(self._sources[result.source_id], result)

    def acknowledge(self, result: PollResult) -> None:
        """Call when items and state are stored: the source may be polled again."""
        with self._changed:
            self._states[result.source_id] = result.state
            due = None if self._once and result.outcome != "discovered" else result.state.next_poll
            if due:
                heapq.heappush(self._due, (due, result.source_id))
            else:
                self._open -= 1
            self._changed.notify()

    @property
    def finished(self) -> bool:
        """Nothing is due any more, running, or waiting to be taken."""
        with self._changed:
            return self._open == 0

    def stop(self) -> None:
        """Ends the threads; polls that still run after some seconds are left to their end, results are given up."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        ends = monotonic() + PATIENCE
        while any(thread.is_alive() for thread in self._threads) and monotonic() < ends:
            self._discard()
            for thread in self._threads:
                thread.join(0.05)

    def _discard(self) -> None:
        while True:
            try:
                self._results.get_nowait()
            except queue.Empty:
                return

    def _first(self, state: SourceState) -> datetime | None:
        if state.stopped in ("gone", "login") and not self._once:
            return None
        now = self._clock()
        return now if self._once else state.next_poll or now

    def _work(self) -> None:
        while key := self._next():
            source = self._sources[key]
            now, jitter = self._clock(), self._random.random()
            try:
                result = self._poll(source, self._states[key], now, jitter)
            except Exception as error:  # one source's unknown trouble must not end the polling of all others
                code = error.code if isinstance(error, TocsinError) else "internal"
                result = failed(source, self._states[key], now, code, f"{type(error).__name__}: {error}", jitter)
            finally:
                with self._changed:
                    self._busy[host_of(source)] -= 1
                    self._changed.notify_all()
            self._results.put(result)

    def _next(self) -> str | None:
        """Waits for a source that is due and whose host is free; None when stopping."""
        with self._changed:
            while not self._stopping:
                key, nap = self._pick()
                if key:
                    return key
                self._changed.wait(nap)
        return None

    def _pick(self) -> tuple[str | None, float]:
        now, held = self._clock(), []
        picked: str | None = None
        while self._due and self._due[0][0] <= now and not picked:
            entry = heapq.heappop(self._due)
            host = host_of(self._sources[entry[1]])
            if self._busy[host] < self._per_host:
                self._busy[host] += 1
                picked = entry[1]
            else:
                held.append(entry)
        for entry in held:
            heapq.heappush(self._due, entry)
        nap = min(LONGEST_NAP, max((self._due[0][0] - now).total_seconds(), 0.0)) if self._due else LONGEST_NAP
        return picked, LONGEST_NAP if held else nap
