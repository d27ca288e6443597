"""The way in as the commands open it: fetcher, parser and polling, from the settings, closed together."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from pydantic import SecretStr

from processors.errors import ConfigError
from producers import sources as source_list
from producers.fetch import Fetcher
from producers.http import FetchSettings, HttpFetcher
from producers.kinds import Access, Poll, polling
from producers.parsed import Parser
from producers.sandbox import Sandbox
from producers.sources import Source
from producers.state import SourceState, decode
from producers.telegram_preview import SITE
from streams.settings import Settings
from streams.store import Store


class WayIn(msgspec.Struct, frozen=True):
    """What polls and what checks use."""

    fetcher: Fetcher
    parser: Parser
    poll: Poll


@contextmanager
def open_way_in(settings: Settings) -> Iterator[WayIn]:
    fetch, telegram = settings.fetch, settings.telegram
    options = FetchSettings(
        allow_private=fetch.allow_private,
        contact=fetch.contact,
        proxy=_plain(fetch.proxy),
        at_once_per_host=fetch.at_once_per_host,
        spacing_per_host=fetch.spacing_per_host,
    )
    access = Access(
        bot_token=_plain(telegram.bot_token),
        bot_site=telegram.bot_site,
        preview_site=telegram.preview_site or SITE,
    )
    parser = Sandbox()
    try:
        with HttpFetcher(options) as fetcher:
            yield WayIn(fetcher, parser, polling(fetcher, parser, access))
    finally:
        parser.close()


def listed(settings: Settings) -> list[Source]:
    """The source list. Raises ConfigError where there is none."""
    file = settings.sources_file
    if not file.is_file():
        raise ConfigError(f"source list {file}: there is none; `tocsin sources init` makes one")
    return source_list.load(file)


def states(store: Store, sources: list[Source]) -> dict[str, SourceState]:
    """What is remembered of the sources; those never polled are left out."""
    with store.looking() as work:
        said = {source.id: work.position(f"source:{source.id}") for source in sources}
    return {source_id: decode(state.encode()) for source_id, state in said.items() if state}


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
