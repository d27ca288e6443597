"""One source's state for people and programs: what `tocsin sources` shows."""

from datetime import datetime

import msgspec

from producers import health
from producers.sources import Source
from producers.state import PollRecord, SourceState


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A source with how it is doing. Shares are 0 to 1, totals over the source's life."""

    id: str
    kind: str
    url: str
    enabled: bool
    reliability: str
    publisher: str | None
    verdict: health.Verdict
    last_success: datetime | None
    last_item: datetime | None
    error: str | None
    error_text: str | None
    failing_since: datetime | None
    failures: int
    next_poll: datetime | None
    stopped: str | None
    moved_to: str | None
    polls: int
    entries: int
    rejected_share: float
    gaps: int
    last_gap: datetime | None
    history: tuple[PollRecord, ...]


def status_of(source: Source, state: SourceState | None, now: datetime) -> Status:
    """A source of the list with what is remembered of it, if anything is."""
    kept = state or SourceState(source_id=source.id)
    of = kept.health
    return Status(
        id=source.id,
        kind=source.kind,
        url=source.url,
        enabled=source.enabled,
        reliability=source.reliability,
        publisher=source.publisher,
        verdict=health.verdict(kept, now),
        last_success=of.last_success,
        last_item=of.last_item,
        error=of.error,
        error_text=of.error_text,
        failing_since=of.failing_since,
        failures=of.failures,
        next_poll=kept.next_poll,
        stopped=kept.stopped,
        moved_to=kept.moved_to,
        polls=of.polls,
        entries=of.entries,
        rejected_share=round(of.rejected_share, 4),
        gaps=of.gaps,
        last_gap=of.last_gap,
        history=of.history,
    )
