"""Dead letters in the database: put, found, read, purged."""

import msgspec
from sqlalchemy import Engine, Row, delete, select

from streams.deadletter import DeadLetter
from streams.store import rows, tables
from streams.store.database import reading, upsert, writing


def put(engine: Engine, letters: list[DeadLetter]) -> None:
    """Stores letters; one that is there already stays as it is."""
    with writing(engine) as connection:
        for letter in letters:
            row = msgspec.structs.asdict(letter) | {
                "letter_id": letter.letter_id,
                "headers": rows.text_of(letter.headers),
            }
            connection.execute(upsert(engine.dialect.name, tables.dead_letters, keep_old=True), row)


def find(engine: Engine, stage: str | None = None, most: int = 1000) -> list[DeadLetter]:
    """The newest letters, newest first."""
    table = tables.dead_letters
    query = select(table).order_by(table.c.put_at.desc(), table.c.letter_id).limit(most)
    with reading(engine) as connection:
        return [_letter(row) for row in connection.execute(query.where(table.c.stage == stage) if stage else query)]


def get(engine: Engine, letter_id: str) -> DeadLetter | None:
    table = tables.dead_letters
    with reading(engine) as connection:
        row = connection.execute(select(table).where(table.c.letter_id == letter_id)).one_or_none()
    return _letter(row) if row else None


def purge(engine: Engine, letter_ids: list[str]) -> int:
    """Removes letters; returns how many there were."""
    table = tables.dead_letters
    with writing(engine) as connection:
        return connection.execute(delete(table).where(table.c.letter_id.in_(letter_ids))).rowcount


def _letter(row: Row[tuple[object, ...]]) -> DeadLetter:
    values = {k: v for k, v in row._mapping.items() if k != "letter_id"}
    return DeadLetter(**values | {"headers": msgspec.json.decode(row.headers)})
