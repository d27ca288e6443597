"""A dead letter: what could not be processed, with its original bytes, why, and where it came from."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import xxhash


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """`origin` is file and line, or topic, partition and offset; `code` is an error's stable code."""

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
