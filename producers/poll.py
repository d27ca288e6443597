"""One poll of one feed: what is asked, what it gives, what is remembered. Pure but for the fetcher and the parser."""

import hashlib
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from processors.model import Item
from producers import entries, health, schedule
from producers.fetch import Fetcher, FetchFailedError, Request, Response, printable
from producers.parsed import ParsedFeed, ParseFailedError, Parser, Rejected
from producers.sources import Source
from producers.state import SourceState

REMEMBERED_MOVE = 3  # permanent redirects in a row after which the new address is asked directly


class PollResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one poll gave. `items`, oldest first, and `state` belong into one transaction: then it has happened."""

    source_id: str
    outcome: str  # new, unchanged, not_modified, or the code of what went wrong
    state: SourceState
    items: tuple[Item, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    repeated: int = 0  # entries that stand twice in one answer
    notes: tuple[str, ...] = ()  # warnings in words: a gap, a move, a cut


def poll(
    source: Source, state: SourceState, fetcher: Fetcher, now: datetime, *, parser: Parser, jitter: float = 0.5
) -> PollResult:
    """Asks a feed once. Failures are results, not exceptions. `jitter` is a random number from 0 to 1."""
    try:
        response = fetcher.fetch(_request(source, state))
        if response.status not in (200, 203, 226, 304):
            return _refused(source, state, response, now, jitter)
        if response.status == 304:
            return _unchanged(source, state, response, now, jitter, "not_modified")
        return _answered(source, state, response, now, parser, jitter)
    except (FetchFailedError, ParseFailedError) as failure:
        return failed(source, state, now, failure.code, failure.reason, jitter)


def _request(source: Source, state: SourceState) -> Request:
    return Request(url=address(source, state), etag=state.etag, last_modified=state.last_modified)


def address(source: Source, state: SourceState) -> str:
    """The configured address, or where its publisher has moved it or its page points to."""
    if state.moved_to and state.moved_seen >= REMEMBERED_MOVE:
        return state.moved_to
    return state.found_feed or source.url


def _answered(
    source: Source, state: SourceState, response: Response, now: datetime, parser: Parser, jitter: float
) -> PollResult:
    body_digest = hashlib.sha256(response.body).hexdigest()[:32]
    if body_digest == state.body_digest:
        return _unchanged(source, state, response, now, jitter, "unchanged")
    feed = parser.feed(response.body, response.headers.get("content-type", ""), response.url)
    if feed.format == "html":
        return _discovered(state, feed, now, source)
    read = entries.read(source, state, feed, now)
    gap = read.gap and response.status != 226  # RFC 3229: only what is new was sent
    count = len(feed.entries) + len(feed.rejected)
    outcome = "new" if read.items else "unchanged"
    kept = replace(
        _with_answer(source, state, response, now, jitter, feed),
        body_digest=body_digest,
        seen=read.seen,
        identity=read.identity,
        health=health.succeeded(state.health, now, outcome, len(read.items), count, len(feed.rejected), gap),
    )
    return PollResult(
        source_id=source.id,
        outcome=outcome,
        state=kept,
        items=read.items,
        rejected=feed.rejected,
        repeated=read.repeated,
        notes=(*_notes(state, kept, feed, gap), *_move_note(state, kept)),
    )


def _unchanged(
    source: Source, state: SourceState, response: Response, now: datetime, jitter: float, outcome: str
) -> PollResult:
    kept = replace(
        _with_answer(source, state, response, now, jitter, None),
        health=health.succeeded(state.health, now, outcome),
    )
    return PollResult(source_id=source.id, outcome=outcome, state=kept, notes=_move_note(state, kept))


def _with_answer(
    source: Source, state: SourceState, response: Response, now: datetime, jitter: float, feed: ParsedFeed | None
) -> SourceState:
    hints = schedule.Hints()
    if feed:
        hints = schedule.Hints(
            ttl=timedelta(seconds=feed.ttl) if feed.ttl else None,
            skip_hours=frozenset(feed.skip_hours),
            skip_days=frozenset(feed.skip_days),
        )
    distrusted = response.headers.get("expires", "").strip() in ("0", "-1")  # its validators are no good either
    repeated = response.status == 304
    moved = response.moved_to
    return replace(
        state,
        etag=response.etag or (state.etag if repeated else None),
        last_modified=None if distrusted else response.last_modified or (state.last_modified if repeated else None),
        next_poll=schedule.after_success(now, source.interval, response.headers, hints, jitter),
        moved_to=moved or (state.moved_to if state.moved_seen >= REMEMBERED_MOVE else None),
        moved_seen=state.moved_seen + 1 if moved and moved == state.moved_to else _moves(state, moved),
        stopped=None,
    )


def _moves(state: SourceState, moved: str | None) -> int:
    if moved:
        return 1
    return state.moved_seen if state.moved_seen >= REMEMBERED_MOVE else 0


def _discovered(state: SourceState, feed: ParsedFeed, now: datetime, source: Source) -> PollResult:
    found = feed.alternates[0]
    if state.found_feed:
        return failed(source, state, now, "parse_unreadable", f"{state.found_feed} is a page, too", 0.5)
    kept = replace(state, found_feed=found, etag=None, last_modified=None, next_poll=now)
    note = f"{source.url} is a page; its feed {found} is read instead: put that address into the source list"
    return PollResult(source_id=source.id, outcome="discovered", state=kept, notes=(printable(note),))


def _refused(source: Source, state: SourceState, response: Response, now: datetime, jitter: float) -> PollResult:
    reason = f"the server answered {response.status}"
    if response.status == 410:
        stopped = replace(
            state, stopped="gone", next_poll=None, health=health.failed(state.health, now, "gone", reason)
        )
        note = f"{source.url} is gone for good (410): it is asked no more until the source list changes it"
        return PollResult(source_id=source.id, outcome="gone", state=stopped, notes=(note,))
    return failed(source, state, now, "fetch_status", reason, jitter, response)


def failed(
    source: Source,
    state: SourceState,
    now: datetime,
    code: str,
    reason: str,
    jitter: float,
    response: Response | None = None,
) -> PollResult:
    """A poll that gave nothing, for any kind of source: `code` and `reason` go into its health."""
    unwell = health.failed(state.health, now, code, reason)
    status, headers = (response.status, response.headers) if response else (None, {})
    when = schedule.after_failure(now, source.interval, unwell.failures, status, headers, jitter)
    # an address that was moved to or found and now fails is given up for the configured one
    kept = replace(state, health=unwell, next_poll=when, found_feed=None, moved_to=None, moved_seen=0)
    return PollResult(source_id=source.id, outcome=code, state=kept, notes=(f"{source.url}: {reason}",))


def _notes(before: SourceState, after: SourceState, feed: ParsedFeed, gap: bool) -> list[str]:
    notes = []
    if gap:
        notes.append("the feed has moved past everything seen before: entries may have been missed; poll it more often")
    if after.identity == "link" and before.identity == "id":
        notes.append("its ids change from poll to poll: entries are told apart by their links from now on")
    if feed.cut:
        notes.append(f"{feed.cut} entries beyond the cap were left out")
    return notes


def _move_note(before: SourceState, after: SourceState) -> tuple[str, ...]:
    if after.moved_seen < REMEMBERED_MOVE or before.moved_seen >= REMEMBERED_MOVE:
        return ()
    return (printable(f"moved for good to {after.moved_to}: put that address into the source list"),)
