"""A synthetic item a minute that goes the whole way, so that silence can be told from a standstill.

It tells nothing, so no incident comes of it. It carries the wall's clock to the resolve stage, so that alerts that wait
for a time go out although no source speaks, and is kept there as a position only.
"""

from datetime import UTC, datetime

from processors.model import Item

HEARTBEAT_SOURCE = "tocsin-heartbeat"
HEARTBEAT_POSITION = "heartbeat"  # in the state: the newest that was resolved; the relay has passed on all before it
EVERY = 60.0  # seconds
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # revisions count minutes from here: they stay small


def heartbeat(now: datetime) -> Item:
    """The heartbeat of this minute; the same minute gives the same item."""
    minute = now.replace(second=0, microsecond=0)
    return Item(
        source_id=HEARTBEAT_SOURCE,
        external_id="heartbeat",
        revision=int((minute - EPOCH).total_seconds() // 60),
        kind="new",
        channel="synthetic",
        published_at=minute,
        fetched_at=minute,
        lang="en",
        body="",
    )
