"""The state's schema, brought to the newest version step by step (Alembic). `tocsin migrate` runs it.

A database that the program made by itself (`store.database.create_schema`) has the tables already: it is stamped, then
brought up like any other. A change of `store/tables.py` needs a step here; a test compares the two.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect

from streams.store.database import connect, create_schema, writing

FIRST = "0001"


def upgrade(url: str) -> str:
    """Brings the database up; returns the version it has then. Raises ConfigError, UnavailableError."""
    engine = connect(url)
    try:
        with writing(engine) as connection:
            _upgrade(connection)
        create_schema(engine)  # the positions that the program itself expects
        return current(engine)
    finally:
        engine.dispose()


def current(engine: Engine) -> str:
    """The version a database has; empty where it has none."""
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    tables = set(inspect(connection).get_table_names())
    if "positions" in tables and "alembic_version" not in tables:
        command.stamp(config, FIRST)
    command.upgrade(config, "head")
