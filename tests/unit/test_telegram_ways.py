"""One channel, four ways in, one kind of item; and what is particular to the export and the bot."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from processors.model import Item
from producers.http import FetchSettings, HttpFetcher
from producers.kinds import Access, polling
from producers.parsed import Rejected
from producers.preview_page import parse_preview
from producers.sources import Source
from producers.state import SourceState
from producers.telegram import Piece, Post, take
from producers.telegram_bot import Bot, poll_bot
from producers.telegram_export import MOST, read_stream
from producers.text_entities import Mark, pieces_of
from tests.servers.feeds import NOON
from tests.servers.local import LocalServer
from tests.servers.parsing import DirectParser
from tests.servers.telegram import BotApi, Channel, entities_of

SOURCE = Source(id="front", url="front_news", kind="telegram_bot", lang="en", channel="front_news")
QUICK = FetchSettings(allow_private=True, spacing_per_host=0)
T0 = int(NOON.timestamp())
POSTS = (
    Post(
        number=3,
        published=T0,
        pieces=(Piece("Two drones shot down 💥 over "), Piece("the port", "https://w.example/p")),
    ),
    Post(
        number=4,
        published=T0 + 60,
        pieces=(Piece("Said the mayor:\n"), Piece("no one was hurt", quoted=True)),
        reply_to=3,
    ),
    Post(number=5, published=T0 + 120, pieces=(Piece("Forwarded words & <marks>"),), forwarded_from="other_channel"),
    Post(number=6, published=T0 + 180, pieces=(Piece("Photos of the depot"),), numbers=(6, 7, 8)),
    Post(number=9, published=T0 + 240, numbers=(9, 10)),
    Post(number=11, published=T0 + 300, pieces=(Piece("Last report of the day."),)),
)


def channel() -> Channel:
    one = Channel()
    one.add(*POSTS)
    return one


def by_preview(one: Channel) -> tuple[Item, ...]:
    return take(SOURCE, SourceState(source_id="front"), parse_preview(one.page().encode()).posts, one.name, NOON).items


def by_export(one: Channel) -> tuple[Item, ...]:
    found = list(read_stream(io.StringIO(json.dumps(one.export())), SOURCE, NOON))
    return tuple(item for item in found if isinstance(item, Item))


def by_bot(one: Channel, api: BotApi | None = None) -> tuple[Item, ...]:
    api = api or BotApi()
    api.updates = one.updates()
    with LocalServer(api.serve) as server, HttpFetcher(FetchSettings(allow_private=True)) as fetcher:
        bot = Bot(fetcher, api.token, server.url("").rstrip("/"), 0)
        return poll_bot(SOURCE, SourceState(source_id="front"), bot, NOON).items


def test_the_same_item_by_every_way() -> None:
    one = channel()
    items = by_preview(one)
    assert [item.external_id for item in items] == ["3", "4", "5", "6", "9", "11"]
    assert by_export(one) == items
    assert by_bot(one) == items


some_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
some_pieces = st.lists(
    st.builds(Piece, some_text, st.sampled_from([None, "https://w.example/x"])), min_size=1, max_size=4
)


@given(some_pieces.map(tuple))
def test_entities_cut_the_text_as_it_was_put_together(pieces: tuple[Piece, ...]) -> None:
    text, entities = entities_of(pieces)
    found = pieces_of(text, [Mark(e["offset"], e["length"], e.get("url")) for e in entities])
    assert "".join(piece.text for piece in found) == text
    assert "".join(p.text for p in found if p.href) == "".join(p.text for p in pieces if p.href)


@given(
    st.text(max_size=30),
    st.lists(st.builds(Mark, st.integers(-5, 50), st.integers(-5, 50), st.just("https://w.example"))),
)
def test_entities_outside_the_text_harm_nothing(text: str, marks: list[Mark]) -> None:
    plain = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    assert "".join(piece.text for piece in pieces_of(plain, marks)).replace("\ufffd", "") == plain.replace("\ufffd", "")


# --- export


def read(export: object) -> list[Item | Rejected]:
    return list(read_stream(io.StringIO(export if isinstance(export, str) else json.dumps(export)), SOURCE, NOON))


def test_edited_posts_of_an_export_have_the_time_of_the_edit_as_revision() -> None:
    one = channel()
    one.add(replace(POSTS[0], edited=0))
    assert [item.revision for item in by_export(one)] == [T0 + 60, 0, 0, 0, 0, 0]


def test_a_whole_account_gives_its_public_channels_only() -> None:
    chats = [channel().export("public_channel"), channel().export("personal_chat"), channel().export("private_channel")]
    account = {"about": "x", "contacts": {"list": [1, {"a": [2]}]}, "chats": {"about": "y", "list": chats}}
    items = read(account)
    assert {item.source_id for item in items if isinstance(item, Item)} == {"front.1234567"} and len(items) == 6
    everything = list(read_stream(io.StringIO(json.dumps(account)), replace(SOURCE, private=True), NOON))
    assert len(everything) == 18


def test_a_broken_message_loses_only_itself() -> None:
    export = channel().export()
    broken = [
        {"id": "x", "type": "message"},
        7,
        None,
        {"id": 20, "type": "message", "date": "?"},
        {"id": 2**40, "date_unixtime": "1"},
    ]
    export["messages"][2:2] = broken
    found = read(export)
    assert len([one for one in found if isinstance(one, Item)]) == 6
    assert len([one for one in found if isinstance(one, Rejected)]) == len(broken)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"messages": [',
        '{"messages": [{"id": 1]}',
        "nonsense",
        '{"id": ' + "9" * 5000 + "}",
        '{"a" 1}',
        "[" * 10**5,
    ],
)
def test_an_export_that_is_none_ends_with_a_reason(text: str) -> None:
    (found,) = read(text)
    assert isinstance(found, Rejected) and found.reason.startswith("the export")


def test_a_cut_export_gives_what_came_before_the_cut() -> None:
    text = json.dumps(channel().export())
    *items, last = read(text[: text.index("Last report")])
    assert len(items) == 5 and isinstance(last, Rejected)


def test_an_old_export_without_unix_times_is_marked_undated() -> None:
    export = channel().export()
    for message in export["messages"]:
        message.pop("date_unixtime", None)
    first = read(export)[0]
    assert isinstance(first, Item)
    assert (first.published_at, first.dated) == (NOON, False)


def test_a_large_export_comes_in_parts_and_again_when_it_changed(tmp_path: Path) -> None:
    one = Channel()
    one.add(*(Post(number=n, published=T0 + n, pieces=(Piece(f"Report {n}"),)) for n in range(1, MOST + 500)))
    path = tmp_path / "result.json"
    path.write_text(json.dumps(one.export()))
    poll = polling(HttpFetcher(), DirectParser())
    source, state, sizes = replace(SOURCE, kind="telegram_export", url=str(path)), SourceState(source_id="front"), []
    for _ in range(4):
        result = poll(source, state, NOON, 0.5)
        state = result.state
        sizes.append(len(result.items))
    assert sizes == [MOST, 499, 0, 0]
    one.add(Post(number=9999, published=T0, pieces=(Piece("One more"),)))
    path.write_text(json.dumps(one.export()))
    assert len(poll(source, state, NOON, 0.5).items) == MOST
    assert poll(replace(source, url=str(tmp_path / "none.json")), state, NOON, 0.5).outcome == "file"


# --- bot


class Followed:
    def __init__(self, api: BotApi, site: str, fetcher: HttpFetcher, source: Source = SOURCE) -> None:
        self.bot, self.source, self.state = Bot(fetcher, api.token, site, 0), source, SourceState(source_id=source.id)

    def items(self) -> list[tuple[str, str, str, int]]:
        result = poll_bot(self.source, self.state, self.bot, NOON)
        self.state = result.state
        return [(item.source_id, item.external_id, item.kind, item.revision) for item in result.items]


def test_posts_edits_and_the_cursor_of_a_bot() -> None:
    api, one = BotApi(), channel()
    api.updates = one.updates()
    with (
        LocalServer(api.serve) as server,
        HttpFetcher(QUICK) as fetcher,
    ):
        followed = Followed(api, server.url("").rstrip("/"), fetcher)
        assert len(followed.items()) == 6
        edit = replace(POSTS[5], pieces=(Piece("Corrected."),))
        api.updates.append(one.edit_update(edit, 2000))
        assert followed.items() == [("front", "11", "edited", 1)]
        assert followed.state.cursor == 2000
        assert followed.items() == [] and api.updates == []
        api.updates.append({"update_id": 2001, "channel_post": {"message_id": "x"}})
        assert followed.items() == [] and followed.state.health.rejected == 1


def test_a_bot_in_several_channels_and_one_in_a_foreign_one() -> None:
    api, one = BotApi(), channel()
    with (
        LocalServer(api.serve) as server,
        HttpFetcher(QUICK) as fetcher,
    ):
        site = server.url("").rstrip("/")
        api.updates = one.updates()
        everywhere = Followed(api, site, fetcher, replace(SOURCE, id="bot", url="*"))
        assert {source_id for source_id, *_ in everywhere.items()} == {"bot.front_news"}
        assert Followed(api, site, fetcher, replace(SOURCE, url="elsewhere")).items() == []


def test_floods_and_wrong_tokens_of_a_bot_are_said_without_the_token() -> None:
    api = BotApi()
    with (
        LocalServer(api.serve) as server,
        HttpFetcher(QUICK) as fetcher,
    ):
        site = server.url("").rstrip("/")
        api.flood = 3600
        result = poll_bot(SOURCE, SourceState(source_id="front"), Bot(fetcher, api.token, site, 0), NOON)
        assert result.outcome == "telegram_bot" and result.state.next_poll == datetime(2026, 3, 1, 13, 0, tzinfo=UTC)
        wrong = poll_bot(SOURCE, SourceState(source_id="front"), Bot(fetcher, "2:other", site, 0), NOON)
        assert "the token is wrong" in wrong.notes[0]
        down = Bot(fetcher, "2:other", "http://127.0.0.1:1", 0)
        assert "2:other" not in str(poll_bot(SOURCE, SourceState(source_id="front"), down, NOON))


def test_a_kind_that_is_not_configured_says_so() -> None:
    with pytest.raises(Exception, match="not configured"):
        polling(HttpFetcher(), DirectParser(), Access())(SOURCE, SourceState(source_id="front"), NOON, 0.5)
