"""Channels by a Telegram account (MTProto): posts, edits and deletions as they happen, and back-fill.

What happens is collected by a `Gateway` (`producers/telethon_gateway.py`) and taken out here. After a start or a lost
connection whatever came in between is read from the history, and recent posts are compared. A flood wait is obeyed to
the second, and kept in the source's state, so that a restart does not forget it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from msgspec.structs import replace

from processors.errors import FetchError
from processors.model import Item
from producers import health, schedule
from producers.albums import Part, joined
from producers.poll import PollResult
from producers.sources import Source
from producers.state import SourceState
from producers.telegram import take, take_deleted

PAGE = 100  # posts a request, Telegram's own limit
PAGES = 10  # requests a poll
COMPARED = 100  # recent posts that are compared after a lost connection
AGAIN = timedelta(seconds=2)  # taking out what has been collected costs Telegram nothing
CHECK_EVERY = timedelta(minutes=30)  # the history is asked even if no update came: some channels deliver none


class FloodWaitedError(FetchError):
    """Telegram wants no request for `seconds`."""

    code = "telegram_flood"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Telegram wants to be left alone for {seconds} s")
        self.seconds = seconds


class AccountError(FetchError):
    """The account cannot read the channel: not logged in, banned, no such channel."""

    code = "telegram_account"


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """What was collected of a channel since it was last asked for."""

    parts: tuple[Part, ...] = ()  # new and edited posts, in order
    deleted: tuple[int, ...] = ()
    lost: bool = False  # updates may have been missed: the first time, and after a lost connection


class Gateway(Protocol):
    """Access by an account. Raises `FloodWaitedError`, `AccountError` or `UnavailableError`'s kin, `FetchError`."""

    def happened(self, channel: str) -> Happened: ...
    def newest(self, channel: str, before: int, most: int) -> list[Part]:
        """Up to `most` posts before number `before` (0: the newest), oldest first."""
        ...

    def after(self, channel: str, number: int, most: int) -> list[Part]:
        """Up to `most` posts that follow number, oldest first."""
        ...

    def by_number(self, channel: str, numbers: list[int]) -> Mapping[int, Part | None]:
        """These posts as they are now, None where deleted."""
        ...


def poll_client(source: Source, state: SourceState, gateway: Gateway, now: datetime, jitter: float = 0.5) -> PollResult:
    """Takes out what happened in a channel. Failures are results, not exceptions."""
    try:
        return _polled(source, state, gateway, now)
    except FetchError as failure:
        unwell = health.failed(state.health, now, failure.code, str(failure))
        when = schedule.after_failure(now, source.interval, unwell.failures, None, {}, jitter)
        if isinstance(failure, FloodWaitedError):
            when = now + timedelta(seconds=failure.seconds * (1 + 0.1 * jitter) + 1)
        # what was collected may have been lost with the failure: everything is compared again
        kept = replace(state, health=unwell, next_poll=when, backfilled=False)
        return PollResult(source_id=source.id, outcome=failure.code, state=kept, notes=(f"{source.id}: {failure}",))


def _polled(source: Source, state: SourceState, gateway: Gateway, now: datetime) -> PollResult:
    happened = gateway.happened(source.url)
    lost = happened.lost or not state.backfilled or _is_overdue(state, now)
    parts, complete = _missed(source, state, gateway) if lost else ([], True)
    items: list[Item] = []
    kept = state
    for batch in (parts, list(happened.parts)):
        taken = take(source, kept, joined(_whole_albums(batch)), source.url, now)
        items += taken.items
        kept = taken.state
    gone = set(happened.deleted)
    if lost and complete and state.cursor:
        compared, more_gone = _compared(source, state, gateway)
        taken = take(source, kept, joined(compared), source.url, now)
        items, kept, gone = [*items, *taken.items], taken.state, gone | more_gone
    deleted = take_deleted(source, kept, gone, source.url, now)
    return _result(source, state, deleted.state, [*items, *deleted.items], now, lost, complete)


def _is_overdue(state: SourceState, now: datetime) -> bool:
    return state.checked_at is None or now - state.checked_at > CHECK_EVERY


def _missed(source: Source, state: SourceState, gateway: Gateway) -> tuple[list[Part], bool]:
    """Posts after the cursor, or the newest on the first start; whether that is all of them."""
    if not state.cursor:
        return _first(source, gateway), True
    parts: list[Part] = []
    last = state.cursor
    for _ in range(PAGES):
        page = gateway.after(source.url, last, PAGE)
        parts += page
        if len(page) < PAGE:
            return parts, True
        last = max(part.post.number for part in page)
    return parts, False


def _first(source: Source, gateway: Gateway) -> list[Part]:
    parts: list[Part] = []
    before = 0
    while len(parts) < source.backfill:
        page = gateway.newest(source.url, before, min(PAGE, source.backfill - len(parts)))
        if not page:
            break
        parts = [*page, *parts]
        before = min(part.post.number for part in page)
    return parts


def _compared(source: Source, state: SourceState, gateway: Gateway) -> tuple[list[Part], set[int]]:
    """Recent posts as they are now, and the numbers of those that are gone."""
    standing = [int(key) for key, seen in state.seen.items() if not seen.deleted]
    numbers = sorted(standing)[-COMPARED:]
    found = gateway.by_number(source.url, numbers) if numbers else {}
    there = [part for number in numbers if (part := found.get(number))]
    # the words of an album may stand under any of its posts: an empty first one says nothing
    told = [replace(part, album=None) for part in there if part.post.pieces or part.album is None]
    return told, {number for number, part in found.items() if part is None}


def _whole_albums(parts: list[Part]) -> list[Part]:
    """Parts with those of one album side by side, the newest telling of each post only."""
    latest = {part.post.number: part for part in parts}
    return [latest[number] for number in sorted(latest)]


def _result(
    source: Source,
    before: SourceState,
    after: SourceState,
    items: list[Item],
    now: datetime,
    checked: bool,
    complete: bool,
) -> PollResult:
    outcome = "new" if items else "unchanged"
    quiet = not items and not checked
    well = before.health if quiet else health.succeeded(before.health, now, outcome, len(items), len(items))
    kept = replace(
        after,
        health=replace(well, last_success=now),
        next_poll=now + AGAIN,
        backfilled=complete,
        checked_at=now if checked else before.checked_at,
    )
    return PollResult(source_id=source.id, outcome=outcome, state=kept, items=tuple(items))
