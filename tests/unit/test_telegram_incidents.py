"""A channel on the local preview server, the whole way: posts, edits, a deletion, an album and a forward become incidents."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from processors.errors import RevisionConflict
from processors.model import Incident, Item, ItemMentions
from processors.pipeline import Pipeline
from processors.resolve.resolve import Policy
from producers.http import FetchSettings, HttpFetcher
from producers.kinds import Access, polling
from producers.sources import Source
from producers.state import SourceState
from producers.telegram import Piece, Post
from streams.replay import Replay
from tests.servers.feeds import NOON
from tests.servers.local import LocalServer
from tests.servers.parsing import DirectParser
from tests.servers.telegram import Channel

pytestmark = pytest.mark.slow

POSTS = {
    1: "A drone struck the railway depot in Kharkiv this morning, killing two workers, the regional governor said.",
    2: "Good morning! Subscribe to our channel and share it with friends.",
    3: "Rockets hit a market in Aleppo today. Three people were killed, medics said.",
    4: "Gunmen opened fire on a police checkpoint near Quetta, killing four officers.",
    5: "A car bomb exploded outside a hotel in Mogadishu, killing at least six people.",
    6: "Photos: the aftermath of shelling in Kherson that wounded one woman.",
    9: "A bomb exploded at a warehouse in Basra, killing two guards.",
    10: "Weather: rain in the south tomorrow.",
    11: "Police arrested twelve people during a raid in Medellin.",
    12: "Clashes between soldiers and militants near Goma left five dead.",
}
EDITS = {
    1: "A drone struck the railway depot in Kharkiv this morning, killing four workers, the regional governor said.",
    4: "Gunmen opened fire on a police checkpoint near Quetta, killing seven officers.",
    5: "A car bomb exploded outside a hotel in Mogadishu, killing at least nine people.",
}


def post(number: int, text: str, edited: int | None = None) -> Post:
    return Post(
        number=number,
        published=int((NOON + timedelta(minutes=number)).timestamp()),
        pieces=(Piece(text),),
        numbers=(6, 7, 8) if number == 6 else (),
        forwarded_from="other_channel" if number == 9 else None,
        edited=edited,
    )


def polled(channel: Channel) -> Iterator[list[Item]]:
    """The channel's items before and after it changed."""
    source, state = (
        Source(id="front", url=channel.name, kind="telegram_preview", lang="en"),
        SourceState(source_id="front"),
    )
    quick = FetchSettings(allow_private=True, spacing_per_host=0, spacing_special={})
    with LocalServer(channel.serve) as server, HttpFetcher(quick) as fetcher:
        poll = polling(fetcher, DirectParser(), Access(preview_site=server.url("").rstrip("/")))
        for hour in (1, 2):
            result = poll(source, state, NOON + timedelta(hours=hour), 0.5)
            state = result.state
            yield list(result.items)
            channel.add(*(post(number, text, 0) for number, text in EDITS.items()))
            channel.posts.pop(3, None)


def test_a_channel_becomes_incidents_and_a_deletion_retracts_one(place_index: Path) -> None:
    channel = Channel()
    channel.add(*(post(number, text) for number, text in POSTS.items()))
    first, second = polled(channel)
    assert len(first) == len(POSTS) and len(second) == len(EDITS) + 1
    replay, pipeline = Replay(Policy(), _no_conflict), Pipeline(place_index)
    alerts = list(replay.run(pipeline.read([*first, *second])))
    told = {item.partition("@")[0]: incident for incident in replay.remaining() for item in incident.items}
    assert {f"front/{n}" for n in (1, 3, 4, 5, 6, 9, 12)} <= told.keys()
    assert not {"front/2", "front/10"} & told.keys()
    assert [_killed(told[f"front/{n}"]) for n in (1, 4, 5)] == [4, 7, 9]
    assert told["front/3"].status == "retracted"
    assert "retraction" in {alert.kind for alert in alerts}


def _killed(incident: Incident) -> int | None:
    return incident.killed.best if incident.killed else None


def _no_conflict(told: ItemMentions, error: RevisionConflict) -> None:
    raise AssertionError(f"{told.item}: {error}")
