"""Text with entities, as Telegram's APIs give it, to pieces. Offsets and lengths count UTF-16 units."""

from collections.abc import Iterable

import msgspec

from producers.telegram import Piece


class Mark(msgspec.Struct, frozen=True):
    """A stretch of text that links somewhere (`href`) or is a quote."""

    offset: int
    length: int
    href: str | None = None
    quoted: bool = False


def pieces_of(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """The text cut where marks begin and end; marks may overlap, and lie outside the text where the sender erred."""
    units = text.encode("utf-16-le", "surrogatepass")
    size = len(units) // 2
    inside = [mark for mark in marks if mark.length > 0 and 0 <= mark.offset < size]
    edges = {mark.offset for mark in inside} | {min(mark.offset + mark.length, size) for mark in inside}
    places = sorted({0, size} | {edge for edge in edges if not _in_a_pair(units, edge)})
    return tuple(_piece(units, start, end, inside) for start, end in zip(places, places[1:], strict=False))


def _in_a_pair(units: bytes, at: int) -> bool:
    """Whether the unit there is the second half of a surrogate pair, which must not be cut off."""
    return units[2 * at + 1 : 2 * at + 2] >= b"\xdc" and units[2 * at + 1 : 2 * at + 2] <= b"\xdf"


def _piece(units: bytes, start: int, end: int, marks: list[Mark]) -> Piece:
    text = units[2 * start : 2 * end].decode("utf-16-le", "replace")
    over = [mark for mark in marks if mark.offset <= start and end <= mark.offset + mark.length]
    href = next((mark.href for mark in over if mark.href), None)
    return Piece(text, href, any(mark.quoted for mark in over))
