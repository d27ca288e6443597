"""Good input to start from, for each target."""

import json
from pathlib import Path

from producers.opml import write
from producers.sources import Source, parse
from producers.starter import starter_pack
from producers.telegram import Piece, Post
from tests.servers.telegram import Channel

CORPUS = Path(__file__).parents[1] / "corpus_feeds"


def seeds() -> dict[str, list[bytes]]:
    """A few good inputs by target."""
    channel = _channel()
    item = {"source_id": "s", "external_id": "1", "kind": "new", "published_at": "2026-03-01T12:00:00Z", "body": "x"}
    return {
        "feed": [path.read_bytes() for path in sorted(CORPUS.glob("*.*"))],
        "preview": [channel.page().encode(), channel.single(1).encode(), channel.single(99).encode()],
        "export": [json.dumps(channel.export()).encode(), json.dumps({"chats": {"list": [channel.export()]}}).encode()],
        "bot": [json.dumps(channel.updates()).encode()],
        "item": [json.dumps(item).encode(), json.dumps(item | {"revision": 3, "kind": "edited"}).encode()],
        "source_list": [starter_pack().encode(), write(parse(starter_pack())), write([Source(id="a", url="x")])],
    }


def _channel() -> Channel:
    channel = Channel()
    told = (Piece("Blast in "), Piece("the town", "https://w.example/a"), Piece("so they said", quoted=True))
    channel.add(
        Post(number=1, published=1772366400, pieces=told, reply_to=3, edited=0),
        Post(number=2, published=1772366460, pieces=(Piece("💥 photos"),), numbers=(2, 3)),
        Post(number=5, published=1772366520, forwarded_from="other_channel"),
    )
    return channel
