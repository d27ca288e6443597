"""The migrations against the tables that the program itself makes, on PostgreSQL and SQLite."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from streams import migrations
from streams.store import Store
from streams.store.database import connect
from streams.store.tables import metadata


def differing(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, metadata)
    engine.dispose()
    return found


@pytest.mark.postgres
def test_an_empty_postgres_gets_the_tables_that_the_program_knows(database: str) -> None:
    assert migrations.upgrade(database) == migrations.upgrade(database) != ""
    assert differing(connect(database)) == []


def test_an_empty_sqlite_gets_them_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    assert migrations.upgrade(url)
    assert differing(connect(url)) == []


@pytest.mark.postgres
def test_a_database_that_the_program_made_is_taken_over(database: str) -> None:
    with Store(database).writing() as work:
        work.move("source:x", "kept")
    assert migrations.upgrade(database)
    with Store(database).looking() as work:
        assert work.position("source:x") == "kept"
    assert differing(connect(database)) == []
