"""PostgreSQL answers as SQLite does, and two writers take turns."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from processors.resolve.resolve import Policy
from streams import topology
from streams.codec import encode
from streams.replay import END
from streams.store import Store, history
from tests.kafka.postgres import Postgres, UnavailableServerError
from tests.plainreader import PlainReader, stream

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database: TOCSIN_TEST_POSTGRES, or a server of our own."""
    if given := os.environ.get("TOCSIN_TEST_POSTGRES"):
        yield given
        return
    try:
        server = Postgres(tmp_path_factory.mktemp("postgres"))
    except UnavailableServerError as error:
        pytest.skip(str(error))
    server.start()
    yield server.url
    server.stop()


def filled(store: Store) -> tuple[list[bytes], list[bytes]]:
    """Alerts and incidents of a stream, taken in in transactions of seven."""
    told = PlainReader().read(
        sorted(stream(80, 5), key=lambda i: (i.published_at, i.source_id, i.external_id, i.revision))
    )
    clock = topology.EPOCH
    for start in range(0, len(told), 7):
        with store.writing() as work:
            for each in told[start : start + 7]:
                clock, _ = topology.take_in(each, work, Policy(), clock)
    with store.writing() as work:
        topology.flush(work, Policy(), END)
    alerts = [encode(alert) for _, alert in store.pending("test", 10_000)]
    return alerts, [encode(incident) for incident in history.incidents(store.engine)]


def test_both_databases_end_alike(url: str, tmp_path: Path) -> None:
    on_sqlite, on_postgres = Store(f"sqlite:///{tmp_path}/state.db"), Store(url)
    assert filled(on_postgres) == filled(on_sqlite)
    assert on_postgres.forget(END) == on_sqlite.forget(END)
    on_sqlite.close()
    on_postgres.close()


def test_a_second_writer_waits_for_the_first(url: str) -> None:
    one, other = Store(url), Store(url)
    order: list[str] = []

    def second() -> None:
        with other.writing() as work:
            order.append(f"second reads {work.position('turn')}")

    with one.writing() as work:
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.3)
        work.move("turn", "first")
        order.append("first writes")
    waiting.join()
    assert order == ["first writes", "second reads first"]
    one.close()
    other.close()


def test_a_sink_marks_its_place_while_another_writes(url: str) -> None:
    store = Store(url)
    with store.writing() as work:
        work.move("turn", "writing")
        store.delivered("relay", 7)
        with store.looking() as other:
            assert other.position("sink:relay") == "7" and other.position("turn") != "writing"
    store.close()


def test_a_reader_does_not_wait(url: str) -> None:
    store = Store(url)
    with store.writing() as work:
        work.move("seen", "new")
        with store.looking() as other:
            assert other.position("seen") is None
    store.close()
