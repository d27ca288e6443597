"""The page as people start it: with `run`, with `demo`, and as a worker beside Kafka."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from streams.cli.demo import _page
from streams.codec import encode
from streams.store import Store
from tests.kafka.broker import free_ports
from tests.plainreader import stream
from tests.unit.places_fixture import small_gazetteer

START = """
from streams.readers import Recipe
from tests.plainreader import PlainReader
Recipe.pipeline = lambda _: PlainReader()
from streams.cli import main
main()
"""


@contextmanager
def running(folder: Path, port: int, *words: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    (folder / "any.idx").touch()
    own = {
        "TOCSIN_DATA_DIR": str(folder),
        "TOCSIN_GAZETTEER": str(folder / "any.idx"),
        "TOCSIN_METRICS_PORT": "0",
        "TOCSIN_WEB_PORT": str(port),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | own | environment,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()


def ask(port: int, path: str) -> Any:
    """The answer, once the server is there."""
    limit = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


def wait_for(check: Any, seconds: float = 60) -> Any:
    limit = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < limit:
        time.sleep(0.3)
    return answer


def test_run_shows_what_it_takes_in(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with running(tmp_path, port, "run", "--from", "-") as process:
        assert process.stdin
        assert ask(port, "/api/v1/incidents")["incidents"] == []
        for item in stream(30, 5):
            process.stdin.write(encode(item) + b"\n")
        process.stdin.flush()
        assert wait_for(lambda: ask(port, "/api/v1/incidents")["incidents"])
        assert ask(port, "/readyz") == {"status": "ok"}
        process.send_signal(signal.SIGTERM)
        process.stdin.close()
        assert process.wait(30) == 0


def test_run_does_not_begin_without_its_port(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    items = tmp_path / "items.jsonl"
    items.write_bytes(b"\n".join(map(encode, stream(3, 5))))
    with running(tmp_path, port, "run", "--from", "-"):
        ask(port, "/healthz")
        second = tmp_path / "second"
        second.mkdir()
        with running(second, port, "run", "--from", str(items)) as process:
            assert process.wait(60) == 1
            assert b"TOCSIN_WEB_PORT" in (process.stderr.read() if process.stderr else b"")
        with running(second, port, "run", "--once", "--from", str(items)) as process:
            assert process.wait(60) == 0, "polling once needs no page"


def test_the_demo_says_where_its_page_is(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    small_gazetteer(tmp_path)
    places = {"TOCSIN_GAZETTEER": str(tmp_path / "places.idx")}
    with running(tmp_path, port, "demo", "--speed", "0", **places) as process:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0 and f"Live page: http://127.0.0.1:{port}/" in out.decode()


def test_on_a_terminal_the_demo_leaves_its_page_up_until_it_is_told_to_end(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    small_gazetteer(tmp_path)
    own = {"TOCSIN_DATA_DIR": str(tmp_path), "TOCSIN_GAZETTEER": str(tmp_path / "places.idx"), "TERM": "xterm"}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", START, "demo", "--speed", "0"],
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=os.environ | own | {"TOCSIN_METRICS_PORT": "0", "TOCSIN_WEB_PORT": str(port), "COLUMNS": "120"},
    ) as process:
        shown = b""
        while b"until Ctrl-C" not in shown:
            shown += os.read(ours, 4096)
        assert ask(port, "/api/v1/incidents")["incidents"]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    os.close(ours)
    os.close(theirs)


def test_the_demo_goes_on_without_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(f"sqlite:///{tmp_path}/state.db")
    with ExitStack() as stack, socket.socket() as other:
        stack.callback(store.close)
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setenv("TOCSIN_WEB_PORT", str(other.getsockname()[1]))
        assert _page(store, stack, Console(stderr=True)) is None


def test_a_worker_serves_a_store_that_others_write(tmp_path: Path) -> None:
    pytest.importorskip("faust")
    (port,) = free_ports(1)
    url = f"sqlite:///{tmp_path}/state.db"
    Store(url).close()
    with running(tmp_path, port, "worker", "--stage", "web", TOCSIN_DATABASE_URL=url) as process:
        assert ask(port, "/api/v1/incidents")["incidents"] == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
