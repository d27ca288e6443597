"""The topology in one process, state in one database: no broker. What one unit changes, it changes in one transaction.

Killed anywhere and started again it ends with the same incidents and alerts: a unit's state, alerts and position are
written together; what was not written is asked for again; an item seen before changes nothing; sinks are marked after
they took an alert and know a repeat.
"""

import random
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, Protocol

from processors import normalize
from processors.errors import UnavailableError
from processors.model import Alert, Item, ItemMentions
from processors.resolve.resolve import Policy
from streams import observe, topology
from streams.codec import encode
from streams.deadletter import DeadLetter, code_of, reason_of
from streams.extracting import Unread
from streams.feeding import Unit
from streams.intake import in_order
from streams.readers import Readers
from streams.sinks import Sink
from streams.store import Remembering, Store, deadletters
from streams.store.retention import Retention, expire

CLOCK = "clock"  # position that holds the time up to which items have spoken
FORGET_EVERY = timedelta(hours=1)  # of the items' clock
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds between tries while the database is away
DELIVER_AT_ONCE = 100  # alerts between two marks


def utc_now() -> datetime:
    return datetime.now(UTC)


class Feed(Protocol):
    """What the service is fed from: `feeding.Feeding`, or the demo's stream."""

    def units(self) -> Iterator[Unit]: ...
    def taken(self, unit: Unit) -> None: ...


class Embedded:
    """The resolve stage and the way out. `stopping` ends waiting; `now` is the wall clock. Without `retention` the store
    keeps everything.
    """

    def __init__(
        self,
        store: Store,
        policy: Policy,
        sinks: Sequence[Sink],
        log: Any,
        horizon: timedelta,
        stopping: Event,
        now: Callable[[], datetime] = utc_now,
        retention: Retention | None = None,
    ) -> None:
        self._store, self._policy, self._sinks, self._log = store, policy, sinks, log
        self._memory = Remembering(store)
        self._horizon, self._stopping, self._now = horizon, stopping, now
        self._retention = retention
        self._forgotten: datetime | None = None
        self.rejected = 0  # dead letters made

    def run(self, feeding: Feed, readers: Readers[Item, ItemMentions | Unread]) -> None:
        """Until the inputs end or `stopping` is set; what was begun is finished."""
        handed_out: deque[Unit] = deque()

        def chunks() -> Iterator[list[Item]]:
            for unit in feeding.units():
                handed_out.append(unit)
                yield self._unknown(unit)

        self.deliver()
        for read in readers.read(chunks()):
            observe.passed("extract", read.taken, read.seconds)
            observe.STAGE_OUT.labels("extract").inc(len(read.out))
            unit = handed_out.popleft()
            self.take(unit, read.out)
            feeding.taken(unit)
            self.deliver()

    def take(self, unit: Unit, told: Sequence[ItemMentions | Unread]) -> None:
        """Takes in what a unit's items tell, and its position, once and for all."""
        letters = [self._unread(each) for each in told if isinstance(each, Unread)]
        letters += self._rejected_entries(unit)
        self._holding(lambda: self._bury(letters))
        good = list(in_order(each for each in told if isinstance(each, ItemMentions)))
        with observe.stage("resolve", len(good)):
            self._holding(lambda: self._take_in(unit, good))
        self._observe_poll(unit)

    def deliver(self) -> None:
        """Gives each sink the alerts it was not yet given; one that fails is tried again at the next call."""
        for sink in self._sinks:
            try:
                self._deliver_to(sink)
            except UnavailableError as error:
                observe.FAILED.labels(sink.name.split(":")[0]).inc()
                self._log.warning(observe.SINK_FAILED, sink=sink.name, reason=str(error))

    # taking in

    def _unknown(self, unit: Unit) -> list[Item]:
        """The unit's items without those that were taken in before with the same text: reading is the costly part."""
        with self._store.looking() as work:
            known = {state.item_key: state for state in work.items({item.key for item in unit.items})}
        fresh = []
        for item in unit.items:
            state = known.get(item.key)
            if state and state.revision == item.revision and state.record.fingerprint == _fingerprint(item):
                observe.ITEMS.labels(item.channel, "repeat").inc()
            else:
                fresh.append(item)
        return fresh

    def _take_in(self, unit: Unit, told: Sequence[ItemMentions]) -> None:
        """All in one transaction; where one item breaks it one by one, and that item becomes a dead letter."""
        try:
            self._transaction(unit, told)
        except UnavailableError:
            raise
        except Exception as error:  # an item must not stop those behind it, whatever it brings about
            if len(told) == 0:
                raise
            if len(told) > 1:
                for each in told:
                    self._take_in(Unit(), [each])
            else:
                self._bury([self._letter("resolve", told[0].item, error, encode(told[0]))])
            self._transaction(unit, ())

    def _transaction(self, unit: Unit, told: Sequence[ItemMentions]) -> None:
        sent: list[tuple[Alert, datetime]] = []
        verdicts: list[tuple[str, str]] = []
        with self._memory.writing() as work:
            work.expect(told)
            said = work.position(CLOCK)
            clock = datetime.fromisoformat(said) if said else topology.EPOCH
            for each in told:
                clock, changes = topology.take_in(each, work, self._policy, clock)
                verdicts.append((each.channel, changes.verdict))
                sent += ((alert, each.published_at) for alert in changes.alerts)
            if unit.tick:  # the wall's clock sends what is due; what is old is told by the items' clock alone
                sent += ((alert, unit.tick) for alert in topology.flush(work, self._policy, unit.tick))
            work.move(CLOCK, clock.isoformat())
            if unit.position:
                work.move(*unit.position)
        self._observe(verdicts, sent)
        self._forget(clock)

    def _forget(self, clock: datetime) -> None:
        if self._forgotten and clock - self._forgotten < FORGET_EVERY:
            return
        self._forgotten = clock
        if gone := self._memory.forget_before(max(clock, topology.EPOCH + self._horizon) - self._horizon):
            self._log.info(observe.FORGOTTEN, entries=gone)
        if self._retention:
            gone_too = expire(self._store, self._retention, clock, self._now(), [sink.name for sink in self._sinks])
            if any(gone_too):
                self._log.info(observe.EXPIRED, **gone_too._asdict())
        observe.OPEN.set(self._store.count_open())

    # dead letters

    def _unread(self, unread: Unread) -> DeadLetter:
        observe.ITEMS.labels(unread.item.channel, "unread").inc()
        return self._made("extract", unread.item.ref, unread.code, unread.reason, encode(unread.item))

    def _rejected_entries(self, unit: Unit) -> list[DeadLetter]:
        if not unit.poll:
            return []
        origin = f"source:{unit.poll.source_id}"
        return [
            self._made("produce", f"{origin}#{each.number}", "entry_invalid", each.reason, each.raw)
            for each in unit.poll.rejected
        ]

    def _letter(self, stage: str, origin: str, error: Exception, data: bytes) -> DeadLetter:
        return self._made(stage, origin, code_of(error), reason_of(error), data)

    def _made(self, stage: str, origin: str, code: str, reason: str, data: bytes) -> DeadLetter:
        self.rejected += 1
        observe.STAGE_REJECTED.labels(stage, code).inc()
        self._log.warning(observe.REJECTED, stage=stage, origin=origin, code=code, reason=reason)
        return DeadLetter(stage=stage, code=code, reason=reason, origin=origin, value=data, put_at=self._now())

    def _bury(self, letters: list[DeadLetter]) -> None:
        if letters:
            deadletters.put(self._store.engine, letters)

    # waiting, sending, watching

    def _holding(self, action: Callable[[], None]) -> None:
        """Tries until the database is there; nothing is dropped. Raises UnavailableError when told to stop."""
        pause = FIRST_PAUSE
        while True:
            try:
                return action()
            except UnavailableError as error:
                self._log.warning(observe.HELD, reason=str(error))
                if self._stopping.wait(pause * random.uniform(0.5, 1.5)):
                    raise
                pause = min(2 * pause, LONGEST_PAUSE)

    def _deliver_to(self, sink: Sink) -> None:
        label = sink.name.split(":")[0]
        while pending := self._store.pending(sink.name, DELIVER_AT_ONCE):
            observe.PENDING.labels(label).set(len(pending))
            with observe.stage("deliver", len(pending)):
                for _, alert in pending:
                    sink.send(alert)
            self._store.delivered(sink.name, pending[-1][0])
            observe.SENT.labels(label).inc(len(pending))
        observe.PENDING.labels(label).set(0)

    def _observe(self, verdicts: list[tuple[str, str]], sent: list[tuple[Alert, datetime]]) -> None:
        observe.STAGE_OUT.labels("resolve").inc(len(sent))
        for channel, verdict in verdicts:
            observe.ITEMS.labels(channel, verdict).inc()
        for alert, published_at in sent:
            observe.alerted(alert, published_at, self._now())
            self._log.info(observe.ALERTED, kind=alert.kind, severity=alert.severity, incident=alert.incident_id)

    def _observe_poll(self, unit: Unit) -> None:
        if not unit.poll:
            return
        poll, health = unit.poll, unit.poll.state.health
        observe.POLLS.labels(unit.source_kind, poll.outcome).inc()
        if observe.source_seen(poll.state, self._now()):
            self._log.warning(observe.SOURCE_STALE, source=poll.source_id, last_item=health.last_item)
        if health.error:
            self._log.warning(observe.POLL_FAILED, source=poll.source_id, code=health.error, reason=health.error_text)
        else:
            self._log.info(observe.POLLED, source=poll.source_id, outcome=poll.outcome, items=len(poll.items))


def _fingerprint(item: Item) -> tuple[int, ...]:
    return normalize.fingerprint(normalize.document(item).text)
