"""A dead letter: what could not be processed, with its original bytes, why, and where it came from."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import xxhash

from processors.errors import TocsinError

MOST_REASON = 500  # characters


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """`origin` is file and line, item, or topic, partition and offset; `code` is an error's stable code."""

    stage: str
    code: str
    reason: str
    origin: str
    value: bytes | None
    put_at: datetime
    field: str | None = None
    key: bytes | None = None
    headers: Mapping[str, str] = {}
    attempts: int = 1

    @property
    def letter_id(self) -> str:
        """Digest of stage, origin and bytes: the same failure met again is the same letter."""
        whole = b"\0".join((self.stage.encode(), self.origin.encode(), self.value or b""))
        return xxhash.xxh3_128_hexdigest(whole)


def code_of(error: Exception) -> str:
    """The error's stable code; `internal` for what nobody expected."""
    return error.code if isinstance(error, TocsinError) else "internal"


def reason_of(error: Exception) -> str:
    """The error in words, cut."""
    return f"{type(error).__name__}: {error}"[:MOST_REASON]
