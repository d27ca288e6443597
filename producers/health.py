"""How a poll changes what is known about a source's health. Pure."""

from datetime import datetime, timedelta
from typing import Literal

from msgspec.structs import replace

from producers.state import HISTORY, Health, PollRecord, SourceState

FAILING_AFTER = 3  # failures in a row after which a source counts as failing, not merely as having hiccuped
STALE_AFTER = timedelta(days=3)  # without anything new, where the source had new things before

Verdict = Literal["new", "ok", "failing", "stale", "stopped"]


def verdict(state: SourceState, now: datetime) -> Verdict:
    """One word on a source: `new` was never polled, `failing` gives errors, `stale` answers but brings nothing any more."""
    health = state.health
    if state.stopped:
        return "stopped"
    if not health.polls and not health.last_success:
        return "new"
    if health.failures >= FAILING_AFTER or (health.error and not health.last_success):
        return "failing"
    if health.last_item and now - health.last_item > STALE_AFTER:
        return "stale"
    return "ok"


def succeeded(
    health: Health, now: datetime, outcome: str, items: int = 0, entries: int = 0, rejected: int = 0, gap: bool = False
) -> Health:
    """After a poll that gave an answer which could be used, new or not."""
    return replace(
        health,
        last_success=now,
        last_item=now if items else health.last_item,
        error=None,
        error_text=None,
        failing_since=None,
        failures=0,
        polls=health.polls + 1,
        entries=health.entries + entries,
        rejected=health.rejected + rejected,
        gaps=health.gaps + gap,
        last_gap=now if gap else health.last_gap,
        history=_longer(health, PollRecord(at=now, outcome=outcome, items=items, rejected=rejected)),
    )


def failed(health: Health, now: datetime, code: str, reason: str) -> Health:
    """After a poll that gave nothing."""
    return replace(
        health,
        error=code,
        error_text=reason[:300],
        failing_since=health.failing_since or now,
        failures=health.failures + 1,
        polls=health.polls + 1,
        history=_longer(health, PollRecord(at=now, outcome=code)),
    )


def _longer(health: Health, record: PollRecord) -> tuple[PollRecord, ...]:
    return (*health.history, record)[-HISTORY:]
