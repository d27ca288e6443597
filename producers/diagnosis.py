"""What is wrong with a source, for the one who sets it up: `tocsin sources check`."""

from datetime import datetime, timedelta

import msgspec

from processors.errors import ConfigError
from producers.fetch import Fetcher, FetchFailedError, Request, Response, printable
from producers.kinds import Poll
from producers.parsed import ParsedFeed, ParseFailedError, Parser
from producers.schedule import max_age
from producers.sources import Source
from producers.state import SourceState

STALE = timedelta(days=7)

ADVICE = {
    "fetch_dns": "The name does not exist. Look for a typing error; open the address in a browser.",
    "fetch_address": "The name leads to a private address, which is refused: see TOCSIN_FETCH_ALLOW_PRIVATE.",
    "fetch_connect": "Nobody answers there. The server may be down, or refuse this network.",
    "fetch_tls": "The certificate is wrong. Try the address with `www.`, or ask the publisher.",
    "fetch_timeout": "The server is too slow. Try again later.",
    "fetch_too_large": "The feed is larger than 10 MB unpacked. Look for a smaller feed of the same publisher.",
    "fetch_status_403": "The server refuses programs like this one. Look for another feed of the publisher, or ask it.",
    "fetch_status_404": "There is no feed at this address any more. Look for the feed's link on the publisher's page.",
    "fetch_status_410": "The feed is gone for good. Take it out of the list.",
    "fetch_status_429": "The server has been asked too often. Raise the interval.",
    "telegram_restricted": "Open https://t.me/s/NAME in a browser: the channel may be renamed, private, or without preview.",
    "telegram_renamed": "Look whether it is still the same channel, then put the new name into the source list.",
    "telegram_account": "Is the account logged in (`tocsin sources login`), and can it see the channel?",
    "telegram_bot": "Is the token right, the bot an administrator of the channel, and no other program reading its updates?",
    "config": "This kind of source is not configured: see docs/sources.md.",
    "parse_unreadable": "What comes is no feed. Look for a link named RSS or Atom on the publisher's page.",
}
OTHER = "Try again later; if it stays, open the address in a browser."


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """One source, asked once. `ok` is whether items come; `findings` are facts, `advice` what to do."""

    url: str
    ok: bool
    code: str  # ok, or the code of what is wrong
    findings: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


def diagnose_feed(url: str, fetcher: Fetcher, parser: Parser, now: datetime) -> Diagnosis:
    """Asks an address as a feed and says what there is to say about it."""
    try:
        response = fetcher.fetch(Request(url=url))
        if response.status != 200:
            return _refused(url, response)
        feed = parser.feed(response.body, response.headers.get("content-type", ""), response.url)
    except (FetchFailedError, ParseFailedError) as failure:
        return Diagnosis(
            url=url, ok=False, code=failure.code, findings=(failure.reason,), advice=(ADVICE.get(failure.code, OTHER),)
        )
    if feed.format == "html":
        named = tuple(printable(f"It names the feed {one}") for one in feed.alternates)
        advice = (printable(f"Use {feed.alternates[0]} instead: it is found, but at the price of one more request."),)
        return Diagnosis(url=url, ok=True, code="ok", findings=("This is a page, not a feed.", *named), advice=advice)
    return Diagnosis(
        url=url,
        ok=bool(feed.entries),
        code="ok" if feed.entries else "no_entries",
        findings=tuple(_findings(response, feed, now)),
        advice=tuple(_advice(response, feed, now)),
    )


def diagnose_source(source: Source, poll: Poll, now: datetime) -> Diagnosis:
    """Polls a source of any kind once, without remembering it."""
    try:
        result = poll(source, SourceState(source_id=source.id), now, 0.5)
    except ConfigError as error:
        return Diagnosis(
            url=source.url, ok=False, code=error.code, findings=(str(error),), advice=(ADVICE[error.code],)
        )
    ok = result.state.health.error is None
    findings = (f"{len(result.items)} items, {len(result.rejected)} entries rejected", *result.notes)
    advice = () if ok else (ADVICE.get(result.outcome, OTHER),)
    return Diagnosis(url=source.url, ok=ok, code="ok" if ok else result.outcome, findings=findings, advice=advice)


def _refused(url: str, response: Response) -> Diagnosis:
    code = f"fetch_status_{response.status}"
    finding = f"The server answered {response.status}."
    return Diagnosis(url=url, ok=False, code="fetch_status", findings=(finding,), advice=(ADVICE.get(code, OTHER),))


def _findings(response: Response, feed: ParsedFeed, now: datetime) -> list[str]:
    dated = [entry.published for entry in feed.entries if entry.published is not None]
    found = [f"{feed.format}, {feed.title or 'without a title'}, language {feed.lang or 'not declared'}"]
    found.append(
        f"{len(feed.entries)} entries, {len(feed.rejected)} rejected, {len(feed.entries) - len(dated)} undated"
    )
    if dated:
        found.append(f"newest entry {_age(now, max(dated))} old, oldest {_age(now, min(dated))}")
    if response.moved_to and response.url != response.moved_to:
        found.append(printable(f"redirected to {response.url}"))
    asks = feed.ttl or (age.total_seconds() if (age := max_age(response.headers)) else None)
    if asks:
        found.append(f"asks to be polled every {asks / 60:.0f} minutes at most")
    if feed.problem:
        found.append(f"markup is not in order: {feed.problem}")
    return found


def _advice(response: Response, feed: ParsedFeed, now: datetime) -> list[str]:
    advice = []
    if not feed.entries:
        advice.append("The feed has no entries: it may be dead, or fill up later.")
    if response.moved_to:
        advice.append(printable(f"It has moved for good: put {response.moved_to} into the source list."))
    dated = [entry.published for entry in feed.entries if entry.published is not None]
    if dated and now.timestamp() - max(dated) > STALE.total_seconds():
        advice.append("Nothing new for more than a week: the feed may be abandoned.")
    if feed.entries and not any(entry.id or entry.link for entry in feed.entries):
        advice.append("Entries have neither id nor link: a changed headline will count as a new entry.")
    if not response.etag and not response.last_modified:
        advice.append("The server gives no validators: each poll transfers the whole feed; prefer a longer interval.")
    return advice


def _age(now: datetime, published: int) -> str:
    minutes = max(int(now.timestamp()) - published, 0) // 60
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 1440} days"
