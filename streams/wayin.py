"""The way in as the commands open it: fetcher, parser and polling, from the settings, closed together."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

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
from producers.telegram_client import Gateway
from producers.telegram_preview import SITE
from streams.settings import Settings
from streams.store import Store


class WayIn(msgspec.Struct, frozen=True):
    """What polls and what checks use."""

    fetcher: Fetcher
    parser: Parser
    poll: Poll


@contextmanager
def open_way_in(settings: Settings, sources: Sequence[Source] | None = None) -> Iterator[WayIn]:
    """What polling these sources, or all listed ones, needs. A Telegram account is used only where one is read by it."""
    fetch, telegram = settings.fetch, settings.telegram
    options = FetchSettings(
        allow_private=fetch.allow_private,
        contact=fetch.contact,
        proxy=_plain(fetch.proxy),
        at_once_per_host=fetch.at_once_per_host,
        spacing_per_host=fetch.spacing_per_host,
    )
    with ExitStack() as stack:
        wanted = listed(settings) if sources is None else sources
        needs_account = any(source.kind == "telegram_client" and source.enabled for source in wanted)
        client = _account(settings, stack) if needs_account else None
        parser = Sandbox()
        stack.callback(parser.close)
        fetcher = stack.enter_context(HttpFetcher(options))
        access = Access(
            client=client,
            bot_token=_plain(telegram.bot_token),
            bot_site=telegram.bot_site,
            preview_site=telegram.preview_site or SITE,
        )
        yield WayIn(fetcher, parser, polling(fetcher, parser, access))


def account(settings: Settings) -> tuple[int, str]:
    """The application's id and hash. Raises ConfigError where they are not set, or the extra is not installed."""
    telegram = settings.telegram
    if telegram.api_id is None or telegram.api_hash is None:
        raise ConfigError("telegram: set TOCSIN_TELEGRAM_API_ID and TOCSIN_TELEGRAM_API_HASH (from my.telegram.org)")
    if find_spec("telethon") is None:
        raise ConfigError("telegram: telethon is missing; install tocsin[telegram]")
    return telegram.api_id, telegram.api_hash.get_secret_value()


def _account(settings: Settings, stack: ExitStack) -> Gateway:
    api_id, api_hash = account(settings)
    from producers.telethon_session import TelethonSession

    return stack.enter_context(TelethonSession(settings.telegram_session, api_id, api_hash)).gateway


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
