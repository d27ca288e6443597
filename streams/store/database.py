"""The connection: SQLite in WAL mode or PostgreSQL, one writer at a time, the schema brought up where it is missing."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    TableValuedAlias,
    Text,
    any_,
    create_engine,
    event,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from processors.errors import ConfigError, UnavailableError
from streams.store.tables import SCHEMA_VERSION, metadata

WRITER_LOCK = 0x746F6373  # PostgreSQL advisory lock, held to the end of the transaction: whoever writes is alone
BUSY_SECONDS = 30.0
# SQLSTATE classes that say the fault is in what was given, such as a key too long for an index
REFUSED = ("21", "22", "23", "54")
# libpq's own settings, in seconds (the last in milliseconds): a host that vanished is noticed, not waited for
VANISHED = {"connect_timeout": 10, "keepalives_idle": 15, "keepalives_interval": 5, "tcp_user_timeout": 30_000}
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000", "temp_store=MEMORY")


def connect(url: str) -> Engine:
    """An engine for `sqlite:///PATH` or `postgresql+psycopg://…`. Raises ConfigError for anything else."""
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        backend = parsed.get_backend_name()
        if backend not in ("sqlite", "postgresql"):
            raise ConfigError(f"database: {backend} is not supported; use sqlite or postgresql")
        if backend == "sqlite":
            return _sqlite(parsed)
        options = {"pool_pre_ping": True, "pool_size": 4, "max_overflow": 4, "isolation_level": "READ COMMITTED"}
        return create_engine(parsed, connect_args=VANISHED | dict(parsed.query), **options)
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError(f"database: {error}") from None
    except ModuleNotFoundError as error:
        raise ConfigError(f"database: {error.name} is missing; install tocsin[kafka]") from None


def _sqlite(url: Any) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver's guess
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("tocsin_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine, alone: bool = True) -> Iterator[Connection]:
    """One transaction as the only writer; committed at the end, rolled back on any error.

    On PostgreSQL one need not be `alone` to write what nobody else does.
    """
    try:
        with engine.connect().execution_options(tocsin_writes=True) as connection, connection.begin():
            if alone and engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITER_LOCK})
            yield connection
    except DBAPIError as error:
        if not _may_pass(error):
            raise
        raise UnavailableError(f"database: {error.orig}") from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads, on one snapshot where the database gives one; never waits for the writer."""
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        if not _may_pass(error):
            raise
        raise UnavailableError(f"database: {error.orig}") from error


def _may_pass(error: DBAPIError) -> bool:
    """Whether the database is away, read-only, closed to us or not migrated; not that it refuses what it was given."""
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # SQLite, or the connection broke
        return isinstance(error, (OperationalError, InterfaceError))
    return str(state)[:2] not in REFUSED


def create_schema(engine: Engine) -> None:
    """Makes the tables that are missing. A database of another version is refused."""
    with writing(engine) as connection:
        metadata.create_all(connection)
        positions = metadata.tables["positions"]
        query = upsert(engine.dialect.name, positions, keep_old=True)
        connection.execute(query, {"name": "schema", "value": str(SCHEMA_VERSION)})
        found = connection.execute(positions.select().where(positions.c.name == "schema")).one().value
    if int(found) > SCHEMA_VERSION:
        raise ConfigError(f"database: made by a later tocsin (schema {found}, this one knows {SCHEMA_VERSION})")
    if int(found) < SCHEMA_VERSION:
        raise ConfigError(f"database: made by an earlier tocsin (schema {found}); `tocsin migrate` brings it up")


@lru_cache(64)
def upsert(dialect: str, table: Table, keep_old: bool = False) -> Any:
    """INSERT of whole rows that replaces those of the same key, or leaves them as they are. Give the rows on executing."""
    insert = (postgresql_insert if dialect == "postgresql" else sqlite_insert)(table)
    if keep_old:
        return insert.on_conflict_do_nothing()
    columns = {column.name: insert.excluded[column.name] for column in table.c if not column.primary_key}
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=columns)


def among(dialect: str, column: Column[str], values: Collection[str]) -> ColumnElement[bool]:
    """`column` is one of `values`, however many: one parameter, so that the statement is the same for any number."""
    if dialect == "postgresql":
        return column == any_(literal(sorted(values), ARRAY(Text)))
    return column.in_(select(listed(dialect, values).c.value))


def listed(dialect: str, values: Collection[str]) -> TableValuedAlias:
    """The values as a table of one column, `value`, given as one parameter."""
    wanted = sorted(values)
    if dialect == "postgresql":
        return func.unnest(literal(wanted, ARRAY(Text))).table_valued("value").render_derived()
    return func.json_each(json.dumps(wanted)).table_valued("value")
