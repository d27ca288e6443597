"""Where a page ended, as an opaque text. It holds the state that the first page saw, so that what is written between two
pages moves nothing: the pages together are that state, each incident once.
"""

import base64
import binascii
from datetime import datetime

import msgspec


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """`seen` is the newest version that the first page could see; the next page begins behind `at`, `incident_id`."""

    seen: int
    at: datetime
    incident_id: str

    def encode(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Raises ValueError for anything that `encode` did not make."""
        try:
            made = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=cls)
        except (msgspec.MsgspecError, binascii.Error, UnicodeError, ValueError):
            raise ValueError("is no cursor that was given out") from None
        if made.at.tzinfo is None or not 0 <= made.seen < 2**63:
            raise ValueError("is no cursor that was given out")
        return made
