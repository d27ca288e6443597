"""`tocsin run` as people start it: feeds over HTTP from a local server, killed and started again, ended by SIGTERM."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from processors.model import Item
from tests.plainreader import stream

START = """
from streams.readers import Recipe
from tests.plainreader import PlainReader
Recipe.pipeline = lambda _: PlainReader()
from streams.cli import main
main()
"""
FEEDS = 4
ITEMS = 120


def rss(name: str, items: list[Item]) -> bytes:
    entries = "".join(
        f"<item><guid isPermaLink='false'>{item.external_id}</guid><title>News {item.external_id}</title>"
        f"<description>{item.body}</description><pubDate>{format_datetime(item.published_at)}</pubDate></item>"
        for item in items
    )
    return f"<rss version='2.0'><channel><title>{name}</title>{entries}</channel></rss>".encode()


class Feeds(ThreadingHTTPServer):
    """Serves each feed under its name, with an ETag, and answers 304."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        new = [item for item in stream(ITEMS, 7) if item.kind == "new"]
        self.bodies = {f"feed{n}": rss(f"feed{n}", new[n::FEEDS]) for n in range(FEEDS)}
        self.not_modified = 0


class Handler(BaseHTTPRequestHandler):
    server: Feeds

    def do_GET(self) -> None:
        body = self.server.bodies.get(self.path.strip("/"))
        if body is None:
            self.send_error(404)
            return
        tag = f'"{sha256(body).hexdigest()[:12]}"'
        known = self.headers.get("If-None-Match") == tag
        self.server.not_modified += known
        self.send_response(304 if known else 200)
        self.send_header("ETag", tag)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", "0" if known else str(len(body)))
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def feeds() -> Iterator[Feeds]:
    server = Feeds()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def start(folder: Path, feeds: Feeds, *words: str, **environment: str) -> "subprocess.Popen[str]":
    folder.mkdir(exist_ok=True)
    port = feeds.server_address[1]
    listed = (f'[[source]]\nid = "feed{n}"\nurl = "http://127.0.0.1:{port}/feed{n}"\n' for n in range(FEEDS))
    (folder / "sources.toml").write_text("\n".join(listed))
    (folder / "any.idx").touch()
    own = {
        "TOCSIN_DATA_DIR": str(folder),
        "TOCSIN_GAZETTEER": str(folder / "any.idx"),
        "TOCSIN_FETCH_ALLOW_PRIVATE": "true",
        "TOCSIN_METRICS_PORT": "0",
        "TOCSIN_WEB_PORT": "0",
        "TOCSIN_SINKS_JSONL": str(folder / "alerts.jsonl"),
        "TOCSIN_STATE_CHUNK": "5",
    }
    return subprocess.Popen(
        [sys.executable, "-c", START, "run", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | own | environment,
        text=True,
    )


def items_seen(folder: Path) -> set[str]:
    import sqlite3

    connection = sqlite3.connect(folder / "tocsin.db")
    seen = {row[0] for row in connection.execute("SELECT item_key FROM items")}
    connection.close()
    return seen


def alert_ids(folder: Path) -> list[str]:
    return [json.loads(line)["alert_id"] for line in (folder / "alerts.jsonl").read_text().splitlines()]


def test_once_polls_each_source_and_ends(feeds: Feeds, tmp_path: Path) -> None:
    assert start(tmp_path, feeds, "--once").wait(90) == 0
    expected = sum(body.count(b"<item>") for body in feeds.bodies.values())
    assert len(items_seen(tmp_path)) == expected
    first = alert_ids(tmp_path)
    assert first
    before = feeds.not_modified
    assert start(tmp_path, feeds, "--once").wait(90) == 0
    assert feeds.not_modified == before + FEEDS
    assert alert_ids(tmp_path) == first


def test_killed_and_started_again_nothing_is_lost_or_doubled(feeds: Feeds, tmp_path: Path) -> None:
    for pause in (0.9, 1.2, 1.5, 1.8, 2.4):
        process = start(tmp_path, feeds, "--once")
        time.sleep(pause)
        process.kill()
        process.wait()
    assert start(tmp_path, feeds, "--once").wait(90) == 0
    expected = sum(body.count(b"<item>") for body in feeds.bodies.values())
    assert len(items_seen(tmp_path)) == expected
    sent = alert_ids(tmp_path)
    assert sent
    assert len(sent) == len(set(sent))


def test_it_serves_metrics_and_ends_on_sigterm(feeds: Feeds, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start(tmp_path, feeds, TOCSIN_METRICS_PORT=str(port))
    text = ""
    for _ in range(300):
        time.sleep(0.1)
        try:
            text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
        except OSError:
            continue
        if 'tocsin_sources{health="ok"} 4.0' in text and "tocsin_incidents_open 0" not in text:
            break
    assert 'tocsin_sources{health="ok"} 4.0' in text
    assert 'tocsin_items_total{outcome="applied",source_kind="feed"}' in text
    assert 'tocsin_polls_total{outcome="new",source_kind="feed"} 4.0' in text
    assert 'tocsin_source_up{source_id="feed0"} 1.0' in text
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
