"""How a worker gets on: counted for the metrics, and watched, so that a stuck worker ends and is started again."""

import logging
import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from processors.errors import TocsinError
from processors.model import ItemMentions
from streams import kafka_metrics as metrics
from streams import observe
from streams.kafka_heartbeat import HEARTBEAT_SOURCE
from streams.kafka_lag import Lag

log = logging.getLogger(__name__)
LOOK_EVERY = 5.0  # seconds
BEAT_SECONDS = 60.0  # an event loop unheard for so long is stuck
STUCK_EXIT = 75  # EX_TEMPFAIL: to be started again


class Progress:
    """What one worker has done. Written by its threads, read by its watchdog."""

    def __init__(self, stage: str) -> None:
        self.stage = stage
        self.beat = time.monotonic()
        self.holding: str | None = None

    def alive(self) -> None:
        """Called by the event loop, to show that it turns."""
        self.beat = time.monotonic()

    def hold(self, on: str | None) -> None:
        """The stage waits for something that is away, or no more."""
        if self.holding and self.holding != on:
            metrics.HOLDING.labels(self.stage, self.holding).set(0)
        if on:
            metrics.HOLDING.labels(self.stage, on).set(1)
        self.holding = on

    def dead(self, code: str) -> None:
        metrics.DEAD_LETTERS.labels(self.stage, code).inc()
        observe.STAGE_REJECTED.labels(self.stage, code).inc()

    def told(self, told: ItemMentions) -> None:
        if told.source_id == HEARTBEAT_SOURCE:
            metrics.HEARTBEAT.labels(self.stage).set(told.published_at.timestamp())


class Watchdog(threading.Thread):
    """Ends the process when records wait and none is committed for `stuck_seconds`, or its event loop stands still.

    A stage that holds because something is away is not stuck. While all is well, `alive_file` is touched: that is the
    container's health check.
    """

    def __init__(
        self,
        progress: Progress,
        lag: Callable[[], Lag],
        stuck_seconds: float,
        alive_file: Path | None = None,
        end: Callable[[int], None] = os._exit,
    ) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._progress, self._lag, self._stuck_seconds = progress, lag, stuck_seconds
        self._alive_file, self._end = alive_file, end
        self._done: tuple[int, ...] = ()
        self._moved = time.monotonic()
        self._stop = threading.Event()

    def run(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            self.look(time.monotonic())

    def stop(self) -> None:
        self._stop.set()

    def look(self, now: float) -> None:
        """One look at `now`, monotonic seconds."""
        if now - self._progress.beat > max(BEAT_SECONDS, self._stuck_seconds):
            return self._exit("the event loop stands still")
        try:
            lag = self._lag()
        except TocsinError as error:
            log.warning("lag unknown: %s", error)
            self._moved = now  # nobody can make progress while the brokers are away
            return None
        self._report(lag)
        if lag.waiting == 0 or lag.committed != self._done or self._progress.holding:
            self._done, self._moved = lag.committed, now
        if now - self._moved > self._stuck_seconds:
            return self._exit(f"{lag.waiting} records wait and none was committed for {now - self._moved:.0f} s")
        if not self._progress.holding:
            self._well()
        return None

    def _report(self, lag: Lag) -> None:
        for (topic, partition), waiting in lag.records.items():
            metrics.LAG_RECORDS.labels(self._progress.stage, topic, str(partition)).set(waiting)
        metrics.LAG_SECONDS.labels(self._progress.stage, lag.topic).set(lag.seconds)

    def _well(self) -> None:
        metrics.WATCHDOG.labels(self._progress.stage).set(datetime.now(UTC).timestamp())
        if self._alive_file:
            self._alive_file.touch()

    def _exit(self, reason: str) -> None:
        log.critical("stuck, ending: %s", reason)
        self._end(STUCK_EXIT)
