"""What is remembered of a source between two polls, stored in the transaction that stores the poll's items."""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

HISTORY = 50  # polls kept in a source's history

Stopped = Literal["gone", "restricted", "moved", "login"]


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """An entry that became an item: enough to know it again and to see that it changed."""

    digest: str  # of title and plain text
    revision: int
    published: int  # epoch seconds, as the item says
    at: int  # epoch seconds when the source last showed it
    link: str = ""  # digest of the canonical link
    dated: bool = True  # False: the source gave no date, `published` is when it was first seen
    deleted: bool = False
    asked: int = 0  # how often it was missing and asked for singly
    shared_with: str = ""  # `source_id/external_id` of the same article from another feed of the publisher


class PollRecord(msgspec.Struct, frozen=True, array_like=True):
    """One line of a source's history. `outcome` is new, unchanged, not_modified or an error's code."""

    at: datetime
    outcome: str
    items: int = 0
    rejected: int = 0
    seconds: float = 0.0


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How a source is doing. Totals are over the source's life, `history` over its last polls, the newest last."""

    last_success: datetime | None = None
    last_item: datetime | None = None  # when something new last came
    error: str | None = None  # code of the last failure; None when the last poll went well
    error_text: str | None = None
    failing_since: datetime | None = None
    failures: int = 0  # in a row
    polls: int = 0
    entries: int = 0
    rejected: int = 0
    gaps: int = 0  # times the source's window had moved past what was last seen
    last_gap: datetime | None = None
    history: tuple[PollRecord, ...] = ()

    @property
    def rejected_share(self) -> float:
        """Share of all entries that were rejected, 0 to 1."""
        return self.rejected / self.entries if self.entries else 0.0


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """Validators, entries seen, health and the next poll of one source."""

    source_id: str
    url: str | None = None  # as the source list had it at the last poll
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    seen: dict[str, Seen] = {}  # by external id, oldest first
    identity: Literal["id", "link"] = "id"  # "link" once its ids proved to change from poll to poll
    next_poll: datetime | None = None
    stopped: Stopped | None = None
    moved_to: str | None = None
    moved_seen: int = 0  # polls in a row that were permanently redirected to `moved_to`
    found_feed: str | None = None  # by autodiscovery, where the configured address is a page
    cursor: int = 0  # newest post or update number taken in, for kinds that count
    oldest: int = 0  # oldest post number reached when paging back
    floor: int = 0  # post number down to which is paged back after a gap; 0 on the first start
    backfilled: bool = False  # nothing is left to be paged back to
    checked_at: datetime | None = None  # when the history was last compared, for kinds that live on updates
    health: Health = Health()


def encode(state: SourceState) -> bytes:
    return msgspec.json.encode(state)


def decode(data: bytes) -> SourceState:
    return msgspec.json.decode(data, type=SourceState)


def fitted(state: SourceState, url: str) -> SourceState:
    """The state for a source whose address in the source list may have changed: then only what was seen still holds."""
    if state.url in (None, url):
        return replace(state, url=url)
    return SourceState(source_id=state.source_id, url=url, seen=state.seen, health=state.health)
