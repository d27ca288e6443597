"""Real servers for the tests, one broker and one PostgreSQL a session; where one is missing its tests say so and skip.

TOCSIN_TEST_KAFKA=host:port names a broker to use instead; TOCSIN_TEST_STRICT=1 turns a missing server into a failure.
"""

import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from streams.kafka_io import admin
from streams.kafka_settings import KafkaSettings
from streams.kafka_topics import apply, differences, wanted
from tests.kafka.broker import Broker, UnavailableServerError
from tests.kafka.postgres import Postgres


def _missing(error: UnavailableServerError) -> None:
    if os.environ.get("TOCSIN_TEST_STRICT"):
        pytest.fail(f"not on this machine: {error}")
    pytest.skip(f"not on this machine: {error}")


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    try:
        server = Broker(tmp_path_factory.mktemp("kafka"))
    except UnavailableServerError as error:
        _missing(error)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def bootstrap(request: pytest.FixtureRequest) -> str:
    if given := os.environ.get("TOCSIN_TEST_KAFKA"):
        return given
    server: Broker = request.getfixturevalue("broker")
    return server.bootstrap


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(
        prefix="tocsin-postgres-"
    ) as made:  # pytest's own folders are closed to other users
        try:
            server = Postgres(Path(made))
        except UnavailableServerError as error:
            _missing(error)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def settings(bootstrap: str) -> KafkaSettings:
    """A corner of the cluster of one's own: every topic and group under a new prefix."""
    prefix = f"t{uuid.uuid4().hex[:8]}."
    return KafkaSettings(bootstrap_servers=bootstrap, prefix=prefix, partitions=3, session_seconds=6)


@pytest.fixture
def topics(settings: KafkaSettings) -> KafkaSettings:
    """`settings`, with all topics there."""
    plans = wanted(settings)
    with admin(settings) as client:
        apply(client, plans, differences(client, plans))
    return settings


@pytest.fixture
def database(postgres: Postgres) -> str:
    """URL of a new, empty database."""
    name = f"t{uuid.uuid4().hex[:8]}"
    engine = sqlalchemy.create_engine(postgres.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgres.database(name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
