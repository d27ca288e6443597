"""Which kind of source is polled how: the one place that knows all kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from processors.errors import ConfigError
from producers.article import Articles
from producers.fetch import Fetcher
from producers.jsonl_folder import poll_folder
from producers.parsed import Parser
from producers.poll import PollResult, poll
from producers.sources import Source
from producers.state import SourceState
from producers.telegram_bot import Bot, poll_bot
from producers.telegram_client import Gateway, poll_client
from producers.telegram_export import poll_export
from producers.telegram_preview import SITE, Preview, poll_preview

Poll = Callable[[Source, SourceState, datetime, float], PollResult]


@dataclass(frozen=True, kw_only=True)
class Access:
    """What kinds of sources beyond feeds need; None where it is not configured, and the kind therefore off."""

    client: Gateway | None = None
    bot_token: str | None = None
    preview_site: str = SITE
    bot_site: str | None = None


def polling(fetcher: Fetcher, parser: Parser, access: Access | None = None) -> Poll:
    """`poll(source, state, now, jitter)` for every kind, for `Poller` and for a single check."""
    access = access or Access()
    articles = Articles(fetcher, parser)
    preview = Preview(fetcher, parser, access.preview_site)
    bot = _bot(fetcher, access)

    def feed(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        result = poll(source, state, fetcher, now, parser=parser, jitter=jitter)
        return _with_articles(result, articles) if source.article and result.items else result

    ways: dict[str, Poll] = {
        "feed": feed,
        "telegram_preview": lambda source, state, now, jitter: poll_preview(source, state, preview, now, jitter),
        "telegram_export": lambda source, state, now, _jitter: poll_export(source, state, now),
        "jsonl": lambda source, state, now, _jitter: poll_folder(source, state, now),
    }
    client = access.client
    if client:
        ways["telegram_client"] = lambda source, state, now, jitter: poll_client(source, state, client, now, jitter)
    if bot:
        ways["telegram_bot"] = lambda source, state, now, jitter: poll_bot(source, state, bot, now, jitter)

    def any_kind(source: Source, state: SourceState, now: datetime, jitter: float) -> PollResult:
        if source.kind not in ways:
            raise ConfigError(f"{source.id}: {source.kind} is not configured; see docs/sources.md")
        return ways[source.kind](source, state, now, jitter)

    return any_kind


def _bot(fetcher: Fetcher, access: Access) -> Bot | None:
    if not access.bot_token:
        return None
    return Bot(fetcher, access.bot_token, access.bot_site) if access.bot_site else Bot(fetcher, access.bot_token)


def _with_articles(result: PollResult, articles: Articles) -> PollResult:
    items, refused = articles.fill(result.items)
    note = (f"{refused} of {len(items)} articles could not be had: the feed's text stands in",) if refused else ()
    return replace(result, items=items, notes=result.notes + note)
