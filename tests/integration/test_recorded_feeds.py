"""`tocsin run` on recorded feeds, with the real reading: served with ETag and 304, killed and started again."""

import os
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streams.settings import user_data_dir
from tests.servers.feeds import with_validators
from tests.servers.local import LocalServer

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "feeds"
RUN = [sys.executable, "-c", "from streams.cli import main; main()", "run", "--once"]
OF_THE_CORPUS = 40  # feeds
KILLS = (0.1, 0.4, 0.8)  # parts of the items that are there when it is killed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded feeds are not beside the project"),
]


def bodies() -> Iterator[tuple[str, bytes]]:
    """Name and content of each feed: the recorded ones, and well-formed ones of feedparser's corpus."""
    for file in sorted(RECORDED.glob("*.xml")):
        yield file.stem, file.read_bytes()
    with tarfile.open(RECORDED / "feedparser_corpus.tar.gz") as corpus:
        names = sorted(name for name in corpus.getnames() if "/wellformed/atom10/" in name and name.endswith(".xml"))
        for number, name in enumerate(names[:OF_THE_CORPUS]):
            opened = corpus.extractfile(name)
            assert opened
            yield f"corpus{number}", opened.read()


@pytest.fixture(scope="module")
def feeds() -> dict[str, bytes]:
    return dict(bodies())


@pytest.fixture(scope="module")
def server(feeds: dict[str, bytes]) -> Iterator[LocalServer]:
    with LocalServer({f"/{name}": with_validators(partial(bytes, body)) for name, body in feeds.items()}) as one:
        yield one


class Service:
    """`tocsin run --once` with a data folder of its own."""

    def __init__(self, folder: Path, server: LocalServer, names: Iterable[str]) -> None:
        folder.mkdir()
        listed = (f'[[source]]\nid = "{name}"\nurl = "{server.url("/" + name)}"\n' for name in names)
        (folder / "sources.toml").write_text("\n".join(listed))
        self.folder = folder
        self.environment = os.environ | {
            "TOCSIN_DATA_DIR": str(folder),
            "TOCSIN_GAZETTEER": str(user_data_dir() / "places.idx"),
            "TOCSIN_FETCH_ALLOW_PRIVATE": "true",
            "TOCSIN_METRICS_PORT": "0",
            "TOCSIN_WEB_PORT": "0",
            "TOCSIN_SINKS_JSONL": str(folder / "alerts.jsonl"),
            "TOCSIN_FETCH_SPACING_PER_HOST": "0",
            "TOCSIN_STATE_CHUNK": "8",
            "TOCSIN_STATE_HORIZON": "P3650D",  # what was recorded is of years ago
        }

    def run(self, kill_when: Callable[[], bool] = lambda: False) -> int | None:
        """Its exit status; None where it was killed."""
        log = (self.folder / "log").open("ab")
        process = subprocess.Popen(RUN, env=self.environment, stdout=log, stderr=log)
        while process.poll() is None:
            if kill_when():
                process.kill()
                process.wait()
                return None
            time.sleep(0.01)
        return process.returncode

    def column(self, sql: str) -> list[Any]:
        file = self.folder / "tocsin.db"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            try:
                return [row[0] for row in connection.execute(sql)]
            except sqlite3.OperationalError:
                return []  # killed before the tables were made

    def incidents(self) -> set[tuple[str, ...]]:
        """Type and items of each; entries without a date are of the time when they were fetched, so no times."""
        bodies = map(msgspec.json.decode, self.column("SELECT body FROM incidents"))
        return {(each["event_type"], each["status"], *each["items"]) for each in bodies}

    def items(self) -> list[str]:
        return sorted(self.column("SELECT item_key FROM items"))


def test_killed_and_started_again_it_is_as_if_nothing_happened(
    server: LocalServer, feeds: dict[str, bytes], tmp_path: Path
) -> None:
    calm = Service(tmp_path / "calm", server, feeds)
    assert calm.run() in (0, 1)  # 1: entries were rejected, and dead-lettered
    whole = len(calm.items())
    assert whole > 100
    struck = Service(tmp_path / "struck", server, feeds)
    killed = [struck.run(partial(lambda part: len(struck.items()) >= part * whole, part)) for part in KILLS]
    assert None in killed
    assert struck.run() in (0, 1)
    assert struck.items() == calm.items()
    assert struck.incidents() == calm.incidents() != set()
    letters = "SELECT origin || code FROM dead_letters ORDER BY 1"
    assert set(struck.column(letters)) == set(calm.column(letters))
    alerts = (struck.folder / "alerts.jsonl").read_text().splitlines() if struck.column("SELECT 1 FROM outbox") else []
    assert len(alerts) == len(struck.column("SELECT seq FROM outbox"))


def test_the_next_round_costs_no_bodies(server: LocalServer, feeds: dict[str, bytes], tmp_path: Path) -> None:
    names = list(feeds)[:2]
    service = Service(tmp_path / "twice", server, names)
    service.run()
    before, items = len(server.seen), service.items()
    service.run()
    asked = server.seen[before:]
    assert len(asked) == len(names) and all("if-none-match" in each.headers for each in asked)
    assert service.items() == items
