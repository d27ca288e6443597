"""The web server's way to the store: its own connections, which cannot write, and one state of things for a question."""

from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Connection, Engine, event

from streams.store.database import connect, reading

AT_ONCE = 4  # questions that are worked on at the same time; others wait their turn
LONGEST = 15.0  # seconds that the database works for one question; then it is as if it were away
CACHE_KB = 4000  # of each connection to SQLite: the service beside it needs the memory more
STEPS = 100_000  # of SQLite's machine between two looks at the clock

T = TypeVar("T")


class Access:
    """`Access(url)` makes no connection yet. Raises ConfigError."""

    def __init__(self, url: str) -> None:
        self._engine: Engine = connect(url)
        self._limit = CapacityLimiter(AT_ONCE)
        if self._engine.dialect.name == "postgresql":
            event.listen(self._engine, "connect", _read_only_postgresql)
            self._engine = self._engine.execution_options(isolation_level="REPEATABLE READ")
        else:
            event.listen(self._engine, "connect", _read_only_sqlite)

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """The answer, worked out in a thread; all of it sees one state. Raises UnavailableError."""
        return await to_thread.run_sync(self.answer, question, limiter=self._limit)

    def answer(self, question: Callable[[Connection], T]) -> T:
        """As `ask`, in this thread."""
        with reading(self._engine) as connection:
            if connection.dialect.name == "sqlite":
                _limit_sqlite(connection)
            return question(connection)

    def close(self) -> None:
        self._engine.dispose()


def _read_only_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute(f"SET statement_timeout = {LONGEST * 1000:.0f}")
    connection.commit()


def _limit_sqlite(connection: Connection) -> None:
    end = monotonic() + LONGEST
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: monotonic() > end, STEPS)


def _read_only_sqlite(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA query_only = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
