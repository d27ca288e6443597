"""Which kind of source is polled how: the one place that knows all kinds."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from producers.article import Articles
from producers.fetch import Fetcher
from producers.parsed import Parser
from producers.poll import PollResult, poll
from producers.sources import Source
from producers.state import SourceState
from producers.telegram_preview import SITE, Preview, poll_preview

Poll = Callable[[Source, SourceState, datetime, float], PollResult]


def polling(fetcher: Fetcher, parser: Parser, telegram_site: str = SITE) -> Poll:
    """`poll(source, state, now, jitter)` for every kind, for `Poller` and for a single check."""
    articles = Articles(fetcher, parser)

    def feed(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        result = poll(source, state, fetcher, now, parser=parser, jitter=jitter)
        return _with_articles(result, articles) if source.article and result.items else result

    preview = Preview(fetcher, parser, telegram_site)

    def channel(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        return poll_preview(source, state, preview, now, jitter)

    ways: dict[str, Poll] = {"feed": feed, "telegram_preview": channel}
    return lambda source, state, now, jitter: ways[source.kind](source, state, now, jitter)


def _with_articles(result: PollResult, articles: Articles) -> PollResult:
    items, refused = articles.fill(result.items)
    note = (f"{refused} of {len(items)} articles could not be had: the feed's text stands in",) if refused else ()
    return replace(result, items=items, notes=result.notes + note)
