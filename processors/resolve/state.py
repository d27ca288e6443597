"""What the resolve stage remembers, how it asks for it, and what it wants written: the seam to the stores.

The stage is a pure function of (ItemMentions, StateView, now) that returns `Changes`. A store (memory, SQLite,
PostgreSQL) answers the view's questions and writes one `Changes` in one transaction together with the input's
position. Nothing here knows which.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from processors.model import Alert, Incident, ItemMentions, Mention
from processors.resolve.signs import Signs


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A mention that stands, as resolving keeps it. `keys` are those it can be found under (cells and days, rare
    words, copies).
    """

    entry_id: str  # item ref, '#', number of the mention in the item
    item_key: str  # source_id/external_id
    item: str  # item ref
    published_at: datetime
    keys: tuple[str, ...]
    mention: Mention
    signs: Signs  # what comparing needs of the mention, worked out once
    stands: bool = True  # False: deleted, or edited until it told no incident; kept to say what the incident lost
    satellite_of: str | None = None  # entry of the same item that tells the incident this one only adds to
    round_up: bool = False  # its item tells several deeds, see intake.py
    component: str = ""  # which entries it is clustered with; see components.py
    incident_id: str | None = None  # None: opens no incident (a denial, a look back) and fits none that is known


class ItemState(msgspec.Struct, frozen=True, kw_only=True):
    """The newest revision of an item that was taken in, without its mentions' texts; deleted items stay as such."""

    item_key: str
    revision: int
    record: ItemMentions  # `mentions` emptied: they stand as entries


class IncidentState(msgspec.Struct, frozen=True, kw_only=True):
    """An incident, what was last said of it in an alert, and since when an alert waits."""

    incident: Incident
    announced: Incident | None = None  # as in the last alert that went out
    waiting_since: datetime | None = None  # an alert is held back, see alerting.py
    due_at: datetime | None = None  # when it goes out at the latest; None while it waits to be told of anew


Verdict = Literal["applied", "repeat", "stale", "unknown_original", "no_mentions"]


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """All that one input changes; empty but for `verdict` where it changes nothing."""

    verdict: Verdict
    item: ItemState | None = None
    put: tuple[Entry, ...] = ()  # new or changed entries, with the incident they belong to
    drop: tuple[str, ...] = ()  # entry ids that stand no more
    incidents: tuple[IncidentState, ...] = ()  # new versions and changed alert states
    alerts: tuple[Alert, ...] = ()  # for the outbox, in order
    notes: tuple[str, ...] = ()  # why, for explain: merges, splits, retractions in words


class StateView(Protocol):
    """What resolving may ask. Answers are sorted by entry_id / incident_id, so that they do not depend on the store."""

    def item(self, item_key: str) -> ItemState | None: ...
    def entries_of_item(self, item_key: str) -> list[Entry]: ...
    def entries_under(self, keys: Collection[str], most: int) -> list[Entry]:
        """Entries filed under any of these keys; where there are more than `most`, those with most keys in common,
        then the newest.
        """
        ...

    def entries_of_component(self, label: str) -> list[Entry]: ...
    def entries_of_incident(self, incident_id: str) -> list[Entry]: ...
    def items(self, item_keys: Collection[str]) -> list[ItemState]: ...
    def incident(self, incident_id: str) -> IncidentState | None: ...
    def due(self, now: datetime, most: int) -> list[IncidentState]:
        """Incidents with an alert that waits and whose `due_at` has come."""
        ...
