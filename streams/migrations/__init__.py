"""The state's schema, brought to the newest version step by step (Alembic). `tocsin migrate` runs it.

A database that the program made by itself (`store.database.create_schema`) has the tables of some version already: it is
stamped with that, then brought up like any other. A change of `store/tables.py` needs a step here; a test compares the two.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, text

from streams.store.database import connect, create_schema, writing


def upgrade(url: str) -> str:
    """Brings the database up; returns the version it has then. Raises ConfigError, UnavailableError."""
    engine = connect(url)
    try:
        with writing(engine) as connection:
            upgrade_to(connection, "head")
        create_schema(engine)  # the positions that the program itself expects
        return current(engine)
    finally:
        engine.dispose()


def current(engine: Engine) -> str:
    """The version a database has; empty where it has none."""
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade_to(connection: Connection, version: str) -> None:
    """Brings a database up to a version, within a transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    tables = set(inspect(connection).get_table_names())
    if "positions" in tables and "alembic_version" not in tables:
        made = connection.scalar(text("SELECT value FROM positions WHERE name = 'schema'"))
        command.stamp(config, f"{int(made or 1):04}")
    command.upgrade(config, version)
