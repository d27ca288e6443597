"""Public channels by their preview pages (t.me/s/<channel>), without an account.

Best effort by nature: Telegram owes nobody these pages. Each poll reads the newest page; the first poll, and any poll
after a gap, pages back; every few polls some more pages are read for edits. A post that vanished is asked for singly,
and counts as deleted only when its own page says that it does not exist.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from processors.model import Item
from producers import health, schedule
from producers.fetch import Fetcher, FetchFailedError, Request
from producers.parsed import ParseFailedError, Parser
from producers.poll import PollResult
from producers.preview_page import PreviewPage
from producers.sources import Source
from producers.state import SourceState
from producers.telegram import Post, take, take_deleted

SITE = "https://t.me"
PAGES = 5  # read in one poll at most
LOOK_BACK_EVERY = 4  # polls: then posts of the last day are read again for edits and deletions
LOOK_BACK = timedelta(days=1)
ASKED = 5  # vanished posts asked for in one poll
PATIENCE = 3  # times a vanished post that is still there is asked for
SOON = timedelta(seconds=60)  # when the next pages are read while paging back


class ChannelError(Exception):
    """A channel that cannot be read. `code` is telegram_restricted or telegram_renamed."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Preview(msgspec.Struct, frozen=True):
    """The preview pages of one site (`https://t.me`; tests have their own)."""

    fetcher: Fetcher
    parser: Parser
    site: str = SITE

    def page(self, channel: str, before: int | None = None) -> PreviewPage:
        """One page of a channel; raises where there is none."""
        page = self._page(f"{self.site}/s/{channel}" + (f"?before={before}" if before else ""))
        if page.channel and page.channel.lower() != channel.lower():
            raise ChannelError("telegram_renamed", f"{channel} is now called {page.channel}: change the source list")
        if not page.is_channel:
            reason = f"{channel} shows no preview: it does not exist, was renamed, or has its preview switched off"
            raise ChannelError("telegram_restricted", reason)
        return page

    def single(self, channel: str, number: int) -> PreviewPage:
        """The page of one post."""
        return self._page(f"{self.site}/{channel}/{number}?embed=1&mode=tme")

    def _page(self, url: str) -> PreviewPage:
        response = self.fetcher.fetch(Request(url=url, accept="text/html"))
        if response.status == 404:
            return PreviewPage()
        if response.status != 200:
            raise FetchFailedError("status", f"the server answered {response.status}", url, response.status)
        return self.parser.preview(response.body)


def poll_preview(
    source: Source, state: SourceState, preview: Preview, now: datetime, jitter: float = 0.5
) -> PollResult:
    """Asks a channel once. Failures are results, not exceptions."""
    try:
        return _polled(source, state, preview, now, jitter)
    except (FetchFailedError, ParseFailedError, ChannelError) as failure:
        unwell = health.failed(state.health, now, failure.code, failure.reason)
        status = failure.status if isinstance(failure, FetchFailedError) else None
        when = schedule.after_failure(now, source.interval, unwell.failures, status, {}, jitter)
        kept = replace(state, health=unwell, next_poll=when)
        note = f"{source.url}: {failure.reason}"
        return PollResult(source_id=source.id, outcome=failure.code, state=kept, notes=(note,))


def _polled(source: Source, state: SourceState, preview: Preview, now: datetime, jitter: float) -> PollResult:
    window, reached = _window(source, state, preview, now)
    posts = [post for page in window for post in page.posts]
    broken = sum(page.broken for page in window)
    taken = take(source, state, posts, source.url, now)
    items, kept = list(taken.items), taken.state
    if state.backfilled:  # while paging back the pages leave a hole, in which nothing has vanished
        deleted, kept = _vanished(source, kept, posts, preview, now)
        items += deleted
    kept = _paging(source, state, kept, window, reached)
    gap = not reached and not state.backfilled  # a second gap while the first is being closed
    outcome = "new" if items else "unchanged"
    usual = schedule.after_success(now, source.interval, {}, schedule.Hints(), jitter)
    well = health.succeeded(state.health, now, outcome, len(items), len(posts) + broken, broken, gap)
    notes = ("posts may have been missed: the channel is faster than it is read; poll it more often",) if gap else ()
    kept = replace(kept, next_poll=usual if kept.backfilled else now + SOON, health=well)
    return PollResult(source_id=source.id, outcome=outcome, state=kept, items=tuple(items), notes=notes)


def _window(source: Source, state: SourceState, preview: Preview, now: datetime) -> tuple[list[PreviewPage], bool]:
    """The newest page and as many before it as are needed; whether what was last seen was reached."""
    newest = preview.page(source.url)
    start = _oldest([newest])
    if not state.backfilled:
        fresh, reached = _back(preview, source.url, start, state.cursor, PAGES - 1) if state.cursor else ([], True)
        older, _ = _back(preview, source.url, state.oldest or start, state.floor, PAGES - 1 - len(fresh))
        return [newest, *fresh, *older], reached
    fresh, reached = _back(preview, source.url, start, state.cursor, PAGES - 1)
    if not fresh and state.health.polls % LOOK_BACK_EVERY == 0:
        fresh, _ = _back(preview, source.url, start, _day_ago(state, now), PAGES - 1)
    return [newest, *fresh], reached


def _back(preview: Preview, channel: str, start: int, down_to: int, most: int) -> tuple[list[PreviewPage], bool]:
    """Up to `most` pages before post `start`; whether post `down_to` or the channel's beginning was reached."""
    pages: list[PreviewPage] = []
    oldest = start
    while oldest > max(down_to, 1):
        if len(pages) == most:
            return pages, False
        page = preview.page(channel, oldest)
        if not page.posts or _oldest([page]) >= oldest:
            break
        pages.append(page)
        oldest = _oldest([page])
    return pages, True


def _oldest(pages: Iterable[PreviewPage]) -> int:
    return min((post.number for page in pages for post in page.posts), default=0)


def _day_ago(state: SourceState, now: datetime) -> int:
    earliest = (now - LOOK_BACK).timestamp()
    return min((int(key) for key, seen in state.seen.items() if seen.published >= earliest), default=state.cursor)


def _paging(
    source: Source, before: SourceState, kept: SourceState, window: list[PreviewPage], reached: bool
) -> SourceState:
    """How far paging back has come, on the first start or after a gap that was wider than one poll reads."""
    oldest = _oldest(window)
    if before.backfilled:
        return kept if reached else replace(kept, oldest=oldest, floor=before.cursor, backfilled=False)
    ended = oldest <= max(before.floor, 1) or len(window) < PAGES or (before.oldest != 0 and oldest >= before.oldest)
    enough = before.floor == 0 and len(kept.seen) >= source.backfill
    return replace(kept, oldest=oldest, backfilled=ended or enough)


def _vanished(
    source: Source, state: SourceState, posts: list[Post], preview: Preview, now: datetime
) -> tuple[list[Item], SourceState]:
    """Asks singly for posts that should be in the window and are not."""
    if not posts:
        return [], state
    shown = {str(number) for post in posts for number in (post.number, *post.numbers)}
    oldest = min(post.number for post in posts)
    missing = [
        key
        for key, seen in state.seen.items()
        if int(key) >= oldest and key not in shown and not seen.deleted and seen.asked < PATIENCE
    ]
    gone: list[int] = []
    seen = dict(state.seen)
    for key in sorted(missing, key=int)[-ASKED:]:
        try:
            page = preview.single(source.url, int(key))
        except (FetchFailedError, ParseFailedError):
            continue  # asked again with the next poll
        if page.not_found:
            gone.append(int(key))
        else:
            seen[key] = replace(seen[key], asked=seen[key].asked + 1)
    taken = take_deleted(source, replace(state, seen=seen), gone, source.url, now)
    return list(taken.items), taken.state
