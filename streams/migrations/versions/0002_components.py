"""Entries know their component; keys hold when their entries were told."""

import sqlalchemy as sa
from alembic import op

from streams.store.tables import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# until something new is told near it, an incident's entries are a component of their own
LABEL = "'0/' || coalesce(incident_id, entry_id)"
BODY = {
    "sqlite": f"json_set(body, '$.component', {LABEL})",
    "postgresql": f"jsonb_set(body::jsonb, '{{component}}', to_jsonb({LABEL}))::text",
}
COPY = """
INSERT INTO entry_keys (key, told_at, entry_id)
SELECT old.key, entries.published_at, old.entry_id FROM old_keys AS old JOIN entries ON entries.entry_id = old.entry_id
"""


def upgrade() -> None:
    op.add_column("entries", sa.Column("component", sa.Text(), nullable=False, server_default=""))
    op.execute(f"UPDATE entries SET component = {LABEL}, body = {BODY[op.get_bind().dialect.name]}")
    with op.batch_alter_table("entries") as batch:
        batch.alter_column("component", server_default=None)
    op.create_index(op.f("ix_entries_component"), "entries", ["component"], unique=False)
    _put_aside()
    op.create_table(
        "entry_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("told_at", UtcTime(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "told_at", "entry_id", name=op.f("pk_entry_keys")),
        sqlite_with_rowid=False,
    )
    op.execute(COPY)
    _finish("2")


def downgrade() -> None:
    with op.batch_alter_table("entries") as batch:
        batch.drop_index(op.f("ix_entries_component"))
        batch.drop_column("component")
    _put_aside()
    op.create_table(
        "entry_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "entry_id", name=op.f("pk_entry_keys")),
    )
    op.execute("INSERT INTO entry_keys (key, entry_id) SELECT key, entry_id FROM old_keys")
    _finish("1")


def _put_aside() -> None:
    op.drop_index(op.f("ix_entry_keys_entry_id"), "entry_keys")
    op.rename_table("entry_keys", "old_keys")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE old_keys RENAME CONSTRAINT pk_entry_keys TO pk_old_keys")


def _finish(version: str) -> None:
    op.drop_table("old_keys")
    op.create_index(op.f("ix_entry_keys_entry_id"), "entry_keys", ["entry_id"], unique=False)
    op.execute(f"UPDATE positions SET value = '{version}' WHERE name = 'schema'")
