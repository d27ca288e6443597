"""A channel by an account: Telethon's own objects and requests, against a channel that changes."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from processors.errors import ConfigError
from processors.model import Item
from producers import state as states
from producers.http import HttpFetcher
from producers.kinds import Access, polling
from producers.poll import PollResult
from producers.preview_page import parse_preview
from producers.sources import Source
from producers.state import SourceState
from producers.telegram import Piece, Post, take
from tests.servers.feeds import NOON
from tests.servers.parsing import DirectParser
from tests.servers.telegram import Channel
from tests.unit.test_telegram_ways import POSTS

types = pytest.importorskip("telethon.tl.types")

from producers.telegram_client import poll_client  # noqa: E402
from producers.telethon_gateway import TelethonGateway  # noqa: E402
from producers.telethon_session import SessionLock, make_private  # noqa: E402
from tests.servers.telegram_account import CHANNEL_ID, Account, messages_of  # noqa: E402

SOURCE = Source(id="front", url="front_news", kind="telegram_client", lang="en", backfill=250)


def post(number: int, text: str | None = None, **fields: object) -> Post:
    pieces = (Piece(text or f"Report {number}."),)
    return Post(number=number, published=int(NOON.timestamp()) + number, pieces=pieces, **fields)  # type: ignore[arg-type]


class Followed:
    """A channel, its account, and a source that is polled a minute apart; `now` is also the gateway's clock."""

    def __init__(self, *posts: Post) -> None:
        self.channel = Channel()
        self.channel.add(*posts)
        self.account = Account(self.channel)
        self.seconds = 0.0
        self.gateway = TelethonGateway(self.account, lambda: self.seconds)
        self.state = SourceState(source_id="front")

    def step(self) -> PollResult:
        now = NOON + timedelta(hours=1, seconds=self.seconds)
        result = poll_client(SOURCE, self.state, self.gateway, now)
        self.state = states.decode(states.encode(result.state))
        self.seconds += 60
        return result

    def items(self) -> list[tuple[str, str, int]]:
        return [(item.external_id, item.kind, item.revision) for item in self.step().items]

    def restart(self) -> None:
        self.gateway = TelethonGateway(self.account, lambda: self.seconds)

    def new(self, one: Post, edited: bool = False) -> None:
        kind = types.UpdateEditChannelMessage if edited else types.UpdateNewChannelMessage
        self.channel.add(one)
        for message in messages_of(one):
            self.gateway.on_update(kind(message, 1, 1))

    def delete(self, number: int) -> None:
        del self.channel.posts[number]
        self.gateway.on_update(types.UpdateDeleteChannelMessages(CHANNEL_ID, [number], 1, 1))


def test_the_same_items_as_by_the_preview() -> None:
    followed = Followed(*POSTS)
    pages = parse_preview(followed.channel.page().encode()).posts
    by_preview = take(SOURCE, SourceState(source_id="front"), pages, "front_news", NOON + timedelta(hours=1)).items
    assert followed.step().items == by_preview


def test_new_edited_and_deleted_posts_as_they_happen() -> None:
    followed = Followed(*(post(n) for n in range(1, 6)))
    assert followed.items() == [(str(n), "new", 0) for n in range(1, 6)]
    followed.new(post(6))
    followed.new(replace(post(2, "Corrected."), edited=1), edited=True)
    followed.delete(4)
    assert followed.items() == [("2", "edited", 1), ("6", "new", 0), ("4", "deleted", 1)]
    asked = len(followed.account.asked)
    assert followed.items() == [] and len(followed.account.asked) == asked


def test_the_first_start_reads_back_the_newest_posts() -> None:
    followed = Followed(*(post(n) for n in range(1, 401)))
    assert [number for number, _, _ in followed.items()] == [str(n) for n in range(151, 401)]


@pytest.mark.parametrize("loss", ["restart", "reconnect", "too long"])
def test_what_happened_meanwhile_is_made_up_for(loss: str) -> None:
    followed = Followed(*(post(n) for n in range(1, 30)))
    followed.step()
    followed.channel.add(*(post(n) for n in range(30, 340)))
    followed.channel.add(post(20, "Corrected while away."))
    del followed.channel.posts[25]
    if loss == "restart":
        followed.restart()
    elif loss == "reconnect":
        followed.gateway.on_reconnect()
    else:
        followed.gateway.on_update(types.UpdateChannelTooLong(CHANNEL_ID))
    found = followed.items()
    assert found[:310] == [(str(n), "new", 0) for n in range(30, 340)]
    assert found[310:] == [("20", "edited", 1), ("25", "deleted", 1)]


def test_channels_that_deliver_no_updates_are_asked_now_and_then() -> None:
    followed = Followed(post(1))
    followed.step()
    followed.channel.add(post(2))
    assert followed.items() == []
    followed.seconds += 3600
    assert followed.items() == [("2", "new", 0)]


def test_an_album_waits_until_it_is_whole() -> None:
    followed = Followed(post(1))
    followed.step()
    album = replace(post(5, "Photos."), numbers=(5, 6, 7))
    first, *rest = messages_of(album)
    followed.gateway.on_update(types.UpdateNewChannelMessage(first, 1, 1))
    followed.seconds -= 60
    assert followed.items() == []
    for message in rest:
        followed.gateway.on_update(types.UpdateNewChannelMessage(message, 1, 1))
    followed.channel.add(album)
    followed.seconds += 5
    assert followed.items() == [("5", "new", 0)]
    followed.gateway.on_reconnect()
    assert followed.items() == []


def test_a_flood_wait_is_kept_and_obeyed() -> None:
    followed = Followed(post(1))
    followed.account.flood = 7200
    result = followed.step()
    assert result.outcome == "telegram_flood"
    assert result.state.next_poll and result.state.next_poll >= NOON + timedelta(hours=3)
    followed.account.flood = 0
    asked = len(followed.account.asked)
    assert followed.step().outcome == "telegram_flood" and len(followed.account.asked) == asked
    followed.seconds += 7200
    assert followed.items() == [("1", "new", 0)]


def test_names_are_resolved_once_and_unknown_ones_are_said() -> None:
    followed = Followed(post(1))
    followed.step()
    followed.step()
    assert followed.account.asked.count("ResolveUsernameRequest") == 1
    followed.channel.name = "another"
    followed.restart()
    assert followed.step().outcome == "telegram_account"


def test_foreign_and_service_updates_are_ignored() -> None:
    followed = Followed(post(1))
    followed.step()
    followed.gateway.on_update(types.UpdateDeleteChannelMessages(1, [1], 1, 1))
    followed.gateway.on_update(types.UpdatesTooLong())
    followed.gateway.on_update(
        types.UpdateNewChannelMessage(types.MessageEmpty(9, types.PeerChannel(CHANNEL_ID)), 1, 1)
    )
    assert followed.items() == []


def test_one_process_a_session_and_nobody_else_reads_it(tmp_path: Path) -> None:
    session = tmp_path / "telegram" / "account.session"
    make_private(session)
    assert session.stat().st_mode & 0o777 == 0o600
    with SessionLock(session), pytest.raises(ConfigError, match="another process"), SessionLock(session):
        pass
    with SessionLock(session):
        pass


def test_the_kind_is_on_where_there_is_an_account() -> None:
    followed = Followed(post(1))
    poll = polling(HttpFetcher(), DirectParser(), Access(client=followed.gateway))
    items: tuple[Item, ...] = poll(SOURCE, SourceState(source_id="front"), NOON, 0.5).items
    assert [item.external_id for item in items] == ["1"]
