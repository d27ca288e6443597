"""How a poll changes what is known about a source's health. Pure."""

from datetime import datetime

from msgspec.structs import replace

from producers.state import HISTORY, Health, PollRecord

STALE_AFTER = 5  # failures in a row after which a source counts as failing, not merely as having hiccuped


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
