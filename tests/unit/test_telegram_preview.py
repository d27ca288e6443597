"""A channel on a local preview server: posts, edits, deletions, albums, forwards, gaps, and pages that are none."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from producers import state as states
from producers.http import FetchSettings, HttpFetcher
from producers.poll import PollResult
from producers.preview_page import parse_preview
from producers.sources import Source
from producers.state import SourceState
from producers.telegram import Piece, Post
from producers.telegram_preview import Preview, poll_preview
from tests.servers.feeds import NOON
from tests.servers.local import LocalServer
from tests.servers.parsing import DirectParser
from tests.servers.telegram import Channel

SOURCE = Source(id="front", url="front_news", kind="telegram_preview", lang="en")


def post(number: int, text: str | None = None, **fields: object) -> Post:
    pieces = (Piece(text if text is not None else f"Shelling near the bridge, report {number}."),) if text != "" else ()
    published = int(NOON.timestamp()) + number * 60
    return Post(number=number, published=published, pieces=pieces, **fields)  # type: ignore[arg-type]


class Followed:
    """A channel under watch, polled a quarter of an hour apart."""

    def __init__(self, channel: Channel, server: LocalServer, preview: Preview) -> None:
        self.channel, self.server, self.preview, self.source = channel, server, preview, SOURCE
        self.state, self.now = SourceState(source_id=SOURCE.id), NOON + timedelta(hours=12)

    def step(self) -> PollResult:
        result = poll_preview(self.source, self.state, self.preview, self.now)
        self.state = states.decode(states.encode(result.state))
        self.now += timedelta(minutes=15)
        return result

    def singly_asked(self) -> int:
        return sum("embed" in seen.path for seen in self.server.seen)

    def items(self) -> list[tuple[str, str, int]]:
        return [(item.external_id, item.kind, item.revision) for item in self.step().items]


@pytest.fixture
def followed() -> Iterator[Followed]:
    channel = Channel()
    settings = FetchSettings(allow_private=True, spacing_per_host=0, spacing_special={})
    with LocalServer(channel.serve) as server, HttpFetcher(settings) as fetcher:
        yield Followed(channel, server, Preview(fetcher, DirectParser(), server.url("").rstrip("/")))


def test_posts_then_nothing_then_edits_then_a_deletion(followed: Followed) -> None:
    followed.channel.add(*(post(n) for n in range(1, 11)))
    assert followed.items() == [(str(n), "new", 0) for n in range(1, 11)]
    assert followed.items() == []
    for number in (2, 5, 9):
        followed.channel.add(post(number, f"Corrected report {number}.", edited=0))
    assert followed.items() == [("2", "edited", 1), ("5", "edited", 1), ("9", "edited", 1)]
    del followed.channel.posts[5]
    assert followed.items() == [("5", "deleted", 2)]
    assert followed.items() == []
    del followed.channel.posts[10]
    (deleted,) = followed.step().items
    assert (deleted.kind, deleted.body, deleted.external_id, deleted.revision) == ("deleted", "", "10", 1)
    assert deleted.published_at == deleted.fetched_at


def test_a_post_that_comes_back_is_an_edit(followed: Followed) -> None:
    followed.channel.add(*(post(n) for n in range(1, 4)))
    followed.step()
    gone = followed.channel.posts.pop(2)
    assert followed.items() == [("2", "deleted", 1)]
    followed.channel.add(gone)
    assert followed.items() == [("2", "edited", 2)]


def test_what_a_post_becomes(followed: Followed) -> None:
    pieces = (
        Piece("Blast in "),
        Piece("the town", "https://wire.example/a?b=1&c=2"),
        Piece(" & more <here>\nsecond line 💥 "),
        Piece("#tag", "?q=%23tag"),
        Piece("they said so", quoted=True),
    )
    followed.channel.add(
        post(1),
        Post(number=4, published=1772366400, pieces=pieces, forwarded_from="other_channel", reply_to=1),
        post(6, "", numbers=(6, 7, 8)),
        post(9, "Three photos of the depot.", numbers=(9, 10)),
    )
    _, told, mute, album = followed.step().items
    body = '<a href="https://wire.example/a?b=1&amp;c=2">the town</a> &amp; more &lt;here&gt;<br>second line 💥 #tag'
    assert told.body == f"Blast in {body}<blockquote>they said so</blockquote>"
    assert (told.forwarded_from, told.reply_to, told.channel) == ("other_channel", "1", "telegram")
    assert (told.url, told.title, told.lang) == ("https://t.me/front_news/4", None, "en")
    assert (mute.external_id, mute.body) == ("6", "")
    assert (album.external_id, album.body) == ("9", "Three photos of the depot.")
    assert followed.state.cursor == 10
    assert followed.items() == []


def test_the_first_start_reads_back_as_far_as_wanted(followed: Followed) -> None:
    followed.source = Source(id="front", url="front_news", kind="telegram_preview", backfill=150)
    followed.channel.add(*(post(n) for n in range(1, 401)))
    numbers = [int(item.external_id) for _ in range(3) for item in followed.step().items]
    assert sorted(numbers)[-1] == 400 and 150 <= len(numbers) <= 200
    assert followed.singly_asked() == 0
    assert len(set(numbers)) == len(numbers)
    assert followed.state.backfilled


def test_a_gap_is_read_back_over_as_many_polls_as_it_takes(followed: Followed) -> None:
    followed.channel.add(*(post(n) for n in range(1, 21)))
    followed.step()
    followed.channel.add(*(post(n) for n in range(21, 91)))
    assert len(followed.items()) == 70
    followed.channel.add(*(post(n) for n in range(91, 401)))
    first = followed.step()
    assert first.state.next_poll is not None and (first.state.next_poll - followed.now).total_seconds() < 0
    numbers = {int(item.external_id) for item in first.items}
    numbers |= {int(item.external_id) for _ in range(4) for item in followed.step().items}
    assert numbers == set(range(91, 401))
    assert followed.state.backfilled and followed.state.health.gaps == 0


def test_a_second_gap_before_the_first_is_closed_is_said(followed: Followed) -> None:
    followed.channel.add(*(post(n) for n in range(1, 21)))
    followed.step()
    followed.channel.add(*(post(n) for n in range(21, 400)))
    followed.step()
    followed.channel.add(*(post(n) for n in range(400, 900)))
    result = followed.step()
    assert result.state.health.gaps == 1 and "missed" in result.notes[0]


def test_an_edit_below_the_newest_page_is_seen_in_time(followed: Followed) -> None:
    followed.channel.add(*(post(n) for n in range(1, 61)))
    followed.step()
    followed.channel.add(post(15, "Toll corrected to four.", edited=0))
    del followed.channel.posts[17]
    found = [item for _ in range(4) for item in followed.items()]
    assert found == [("15", "edited", 1), ("17", "deleted", 1)]


@pytest.mark.parametrize("change", ["preview", "renamed", "name"])
def test_a_channel_that_cannot_be_read_is_a_clear_state_and_deletes_nothing(followed: Followed, change: str) -> None:
    followed.channel.add(*(post(n) for n in range(1, 4)))
    followed.step()
    if change == "preview":
        followed.channel.preview = False
    elif change == "renamed":
        followed.channel.name = "other_name"
    else:
        followed.preview = Preview(followed.preview.fetcher, followed.preview.parser, followed.preview.site + "/no")
    result = followed.step()
    assert result.items == ()
    assert result.outcome == ("telegram_renamed" if change == "renamed" else "telegram_restricted")
    assert result.state.health.failing_since and result.state.next_poll


def test_an_emptied_channel_deletes_nothing(followed: Followed) -> None:
    followed.channel.add(*(post(n) for n in range(1, 4)))
    followed.step()
    followed.channel.posts.clear()
    assert followed.items() == []


def test_broken_posts_are_counted_and_lose_only_themselves() -> None:
    channel = Channel()
    channel.add(post(1), post(2), post(3))
    page = channel.page().replace('data-post="front_news/2"', 'data-post="nonsense"')
    found = parse_preview(page.encode())
    assert ([one.number for one in found.posts], found.broken) == ([1, 3], 1)


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"<html>", b"<div class='js-widget_message'>" * 3000, b"{}"])
def test_pages_that_are_none(body: bytes) -> None:
    assert parse_preview(body).posts == ()
