"""The stages in order, their topics and keys: the one place that says what flows where.

A stage is a pure function of (input, what the state answers, event time). Both runtimes call the functions here, so
the same items give the same incidents: `embedded.py` in one process, `faust_app.py` on Kafka.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, Protocol

import msgspec

from processors.model import Alert, Incident, Item, ItemMentions
from processors.resolve.blocking import area_key
from processors.resolve.resolve import Policy, flush_due, resolve
from processors.resolve.state import Changes, StateView

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE = 256  # alerts that are looked at together when they fall due


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """A Kafka topic: `key` says in words what its records are keyed by, `holds` is the struct in their values."""

    name: str
    key: str
    holds: type
    cleanup: Literal["delete", "compact"] = "delete"
    public: bool = False  # others may subscribe: changes only by addition


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the topology; `dlq` is where it puts what it could not process."""

    name: str
    reads: Topic
    writes: tuple[Topic, ...]

    @property
    def dlq(self) -> str:
        return f"{self.name}.dlq.v1"


ITEMS = Topic(name="items.v1", key="source_id/external_id", holds=Item)
MENTIONS = Topic(name="mentions.v1", key="blocking key (area)", holds=ItemMentions)
INCIDENTS = Topic(name="incidents.v1", key="incident_id", holds=Incident, cleanup="compact", public=True)
ALERTS = Topic(name="alerts.v1", key="incident_id", holds=Alert, public=True)
TOPICS = (ITEMS, MENTIONS, INCIDENTS, ALERTS)

EXTRACT = Stage(name="extract", reads=ITEMS, writes=(MENTIONS,))
RESOLVE = Stage(name="resolve", reads=MENTIONS, writes=(INCIDENTS, ALERTS))
STAGES = (EXTRACT, RESOLVE)


class Reader(Protocol):
    """What the extract stage is given to read with: `processors.pipeline.Pipeline`."""

    def read(self, items: Sequence[Item]) -> list[ItemMentions]: ...


class State(StateView, Protocol):
    """A state view that also writes: `resolve.memory.MemoryState`, or `store.Work` inside one transaction."""

    def apply(self, changes: Changes) -> None: ...


def item_key(item: Item) -> str:
    """Key on `items.v1`: all revisions of an item meet in one partition, in order."""
    return item.key


def blocking_key(told: ItemMentions) -> str:
    """Key on `mentions.v1`: the area of the item's first located incident, so that what may be one incident meets."""
    return area_key(told)


def event_time(told: ItemMentions) -> datetime:
    """When an item speaks. A time after its fetching is the source's error, and would run the clock ahead for all."""
    return min(told.published_at, told.fetched_at) if told.fetched_at else told.published_at


def extract(reader: Reader, items: Sequence[Item]) -> list[ItemMentions]:
    """The extract stage: what each item tells, in the items' order."""
    return reader.read(items)


def take_in(told: ItemMentions, state: State, policy: Policy, clock: datetime) -> tuple[datetime, Changes]:
    """The resolve stage for one item: what fell due before it goes out first.

    Returns the new clock and what changed, `alerts` being all that went out, in order. Raises RevisionConflict.
    """
    now = max(clock, event_time(told))
    late = flush(state, policy, now)
    changes = resolve(told, state, now, policy)
    state.apply(changes)
    return now, msgspec.structs.replace(changes, alerts=late + changes.alerts)


def flush(state: State, policy: Policy, until: datetime) -> tuple[Alert, ...]:
    """Sends alerts that were held back until a time that has come, each at its own time, however late the call."""
    sent: tuple[Alert, ...] = ()
    while waiting := state.due(until, AT_ONCE):
        changes = flush_due(state, min(s.due_at or until for s in waiting), policy)
        state.apply(changes)
        sent += changes.alerts
        if not changes.incidents:
            break
    return sent
