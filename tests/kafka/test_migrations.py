"""The migrations against the tables that the program itself makes, on PostgreSQL and SQLite."""

from pathlib import Path

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, column, table, text

from processors.errors import ConfigError
from processors.resolve.blocking import NEWEST
from processors.resolve.memory import MemoryState
from processors.resolve.resolve import Policy, resolve
from processors.resolve.state import Changes, Entry
from streams import migrations, topology
from streams.store import Store, history, rows, tables
from streams.store.database import connect, writing
from streams.store.tables import metadata
from tests.plainreader import PlainReader, stream
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


def lived(engine: Engine) -> MemoryState:
    """A database of revision 0001 with all that a stream of forty items left, and the same state in memory."""
    known, clock, made = MemoryState(), topology.EPOCH, list[Changes]()
    for told in PlainReader().read(stream(40, 3)):
        clock = max(clock, told.published_at)
        made.append(resolve(told, known, clock, Policy()))
        known.apply(made[-1])
    with writing(engine) as connection:
        migrations.upgrade_to(connection, "0001")
        connection.execute(text("INSERT INTO positions VALUES ('schema', '1'), ('mentions.v1/0', '40')"))
        write_as_before(connection, made, known)
    return known


def write_as_before(connection: Connection, made: list[Changes], known: MemoryState) -> None:
    """Rows as the first schema had them: entries that know no component, keys that know no time."""
    for changes in made:
        for state in changes.incidents:
            connection.execute(tables.incident_versions.insert(), rows.version_row(state, changes))
        for alert in changes.alerts:
            connection.execute(tables.outbox.insert(), rows.outbox_row(alert))
    for incident in known.incidents():
        last = known.incident(incident.incident_id)
        assert last is not None
        connection.execute(tables.incidents.insert(), rows.incident_row(last))
        for each in known.entries_of_incident(incident.incident_id):
            insert_entry(connection, each)
    for item in known.items({c.item.item_key for c in made if c.item}):
        connection.execute(tables.items.insert(), rows.item_row(item))


def insert_entry(connection: Connection, each: Entry) -> None:
    row = rows.entry_row(each)
    body = msgspec.json.decode(row["body"])
    del body["component"], row["component"]
    old = table("entries", *(column(c.name, c.type) for c in tables.entries.columns if c.name != "component"))
    connection.execute(old.insert(), row | {"body": msgspec.json.encode(body).decode()})
    keys = [{"key": key, "entry_id": each.entry_id} for key in each.keys]
    connection.execute(text("INSERT INTO entry_keys (key, entry_id) VALUES (:key, :entry_id)"), keys)


def upgraded_reads_the_same(url: str) -> None:
    engine = connect(url)
    known = lived(engine)
    assert len(known.incidents()) > 5
    with pytest.raises(ConfigError, match="tocsin migrate"):
        Store(url)
    assert migrations.upgrade(url) == migrations.upgrade(url)
    store = Store(url)
    assert list(history.incidents(store.engine)) == known.incidents()
    with store.looking() as work:
        assert work.position("mentions.v1/0") == "40"
        for incident in known.incidents():
            name = incident.incident_id
            assert [v.incident for v in history.versions(store.engine, name)] == known.versions(name)
            assert work.incident(name) == known.incident(name)
            entries = [msgspec.structs.replace(e, component=f"0/{name}") for e in known.entries_of_incident(name)]
            assert work.entries_of_incident(name) == work.entries_of_homes("component", (f"0/{name}",)) == entries
            assert all(e in work.entries_under(e.keys, NEWEST) for e in entries)
            assert work.items({e.item_key for e in entries}) == known.items({e.item_key for e in entries})
    store.close()
    assert differing(engine) == []


@pytest.mark.postgres
def test_a_lived_in_postgres_of_the_first_version_reads_the_same(database: str) -> None:
    upgraded_reads_the_same(database)


def test_a_lived_in_sqlite_of_the_first_version_reads_the_same(tmp_path: Path) -> None:
    upgraded_reads_the_same(f"sqlite:///{tmp_path / 'state.db'}")
