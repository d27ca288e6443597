"""The site over both databases."""

import os
from collections.abc import Iterator

import pytest

from tests.kafka.broker import UnavailableServerError
from tests.kafka.postgres import Postgres
from tests.web.site import Site

ITEMS = 90


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database on a server of our own."""
    try:
        server = Postgres(tmp_path_factory.mktemp("postgres"))
    except UnavailableServerError as error:
        if os.environ.get("TOCSIN_TEST_STRICT"):
            pytest.fail(str(error))
        pytest.skip(str(error))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server over a store that holds a stream; nothing is added to it."""
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path_factory.mktemp('site')}/s.db" if on_sqlite else request.getfixturevalue("postgres")
    made = Site(url, ITEMS)
    made.take()
    yield made
    made.close()


@pytest.fixture
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server over a store of SQLite, with nothing in it yet."""
    made = Site(f"sqlite:///{tmp_path_factory.mktemp('site')}/s.db", ITEMS)
    yield made
    made.close()
