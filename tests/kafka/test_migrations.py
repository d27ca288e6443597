"""The migrations against the tables that the program itself makes, on PostgreSQL and SQLite."""

from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from processors.errors import ConfigError
from streams import migrations
from streams.store import Store
from streams.store.database import connect, writing
from streams.store.tables import metadata
from tests.unit.test_store import entry


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


def test_entries_of_an_earlier_version_are_found_as_before(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    engine = connect(url)
    filed = entry(1, ("a", "b"), "i1")
    body = msgspec.json.decode(msgspec.json.encode(filed))
    del body["component"]
    with writing(engine) as connection:
        migrations.upgrade_to(connection, "0001")
        row = {"entry_id": filed.entry_id, "item_key": filed.item_key, "at": "2026-03-01 08:00:00.000000"}
        row |= {"body": msgspec.json.encode(body).decode()}
        connection.execute(text("INSERT INTO entries VALUES (:entry_id, :item_key, 'i1', :at, :body)"), row)
        connection.execute(text("INSERT INTO entry_keys VALUES ('a', :entry_id), ('b', :entry_id)"), row)
        connection.execute(text("INSERT INTO positions VALUES ('schema', '1')"))
    with pytest.raises(ConfigError, match="tocsin migrate"):
        Store(url)
    assert migrations.upgrade(url)
    with Store(url).looking() as work:
        expected = [msgspec.structs.replace(filed, component="0/i1")]
        assert work.entries_under(("a",), 5) == work.entries_of_component("0/i1") == expected
    assert differing(engine) == []
