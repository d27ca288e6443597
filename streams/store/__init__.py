"""The state: items seen, incidents and their versions, outbox, positions, dead letters. SQLite or PostgreSQL."""

from streams.store.remembering import Remembering
from streams.store.store import Store
from streams.store.work import Work

__all__ = ["Remembering", "Store", "Work"]
