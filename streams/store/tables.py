"""The tables of the state, alike on SQLite and PostgreSQL.

Bodies are the contract's structs as JSON; the columns beside them are for looking up.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

SCHEMA_VERSION = 2

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """Timezone-aware UTC in Python on every database; SQLite keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's signature
        if value is None:
            return None
        time: datetime = value
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


Counter = BigInteger().with_variant(Integer, "sqlite")  # SQLite grows only INTEGER keys by itself

items = Table(
    "items",
    metadata,
    Column("item_key", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("published_at", UtcTime, nullable=False),
    Column("body", Text, nullable=False),  # ItemState
    Index(None, "published_at"),
)

entries = Table(
    "entries",
    metadata,
    Column("entry_id", Text, primary_key=True),
    Column("item_key", Text, nullable=False, index=True),
    Column("incident_id", Text, nullable=True, index=True),
    Column("component", Text, nullable=False, index=True),
    Column("published_at", UtcTime, nullable=False, index=True),
    Column("body", Text, nullable=False),  # Entry
)

entry_keys = Table(
    "entry_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("told_at", UtcTime, primary_key=True),  # when the entry was published: the newest of a key lie together
    Column("entry_id", Text, primary_key=True, index=True),
    sqlite_with_rowid=False,
)

incidents = Table(
    "incidents",
    metadata,
    Column("incident_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("event_type", String(32), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("grade", Text, nullable=False),
    Column("independent_sources", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("country", Text, nullable=True),
    Column("admin1", Text, nullable=True),
    Column("lat", Float, nullable=True),
    Column("lon", Float, nullable=True),
    Column("precision", String(16), nullable=True),
    Column("killed", Integer, nullable=True),
    Column("injured", Integer, nullable=True),
    Column("happened_at", UtcTime, nullable=True, index=True),
    Column("first_reported_at", UtcTime, nullable=True),
    Column("updated_at", UtcTime, nullable=True, index=True),
    Column("waiting_since", UtcTime, nullable=True),
    Column("due_at", UtcTime, nullable=True, index=True),
    Column("body", Text, nullable=False),  # Incident
    Column("announced", Text, nullable=True),  # Incident as in the last alert
)

incident_versions = Table(
    "incident_versions",
    metadata,
    Column("seq", Counter, primary_key=True, autoincrement=True),  # order of publication on incidents.v1
    Column("incident_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", UtcTime, nullable=False, index=True),
    Column("item", Text, nullable=True),  # the item revision that gave rise to it
    Column("notes", Text, nullable=False),  # JSON list of words: why
    Column("body", Text, nullable=False),  # Incident
    UniqueConstraint("incident_id", "version"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", Counter, primary_key=True, autoincrement=True),  # order of publication on alerts.v1
    Column("alert_id", Text, nullable=False, unique=True),
    Column("incident_id", Text, nullable=False, index=True),
    Column("sent_at", UtcTime, nullable=False, index=True),
    Column("body", Text, nullable=False),  # Alert
)

positions = Table(
    "positions",
    metadata,
    Column("name", Text, primary_key=True),  # 'mentions.v1/3', 'source:<id>', 'sink:<name>', 'clock'
    Column("value", Text, nullable=False),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("letter_id", String(32), primary_key=True),  # digest of stage, origin and bytes: a repeat is no new letter
    Column("stage", String(32), nullable=False, index=True),
    Column("code", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Column("field", Text, nullable=True),
    Column("origin", Text, nullable=False),  # file and line, or topic, partition and offset
    Column("key", LargeBinary, nullable=True),
    Column("value", LargeBinary, nullable=True),
    Column("headers", Text, nullable=False),  # JSON object
    Column("attempts", Integer, nullable=False),
    Column("put_at", UtcTime, nullable=False, index=True),
)
