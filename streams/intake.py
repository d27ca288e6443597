"""Lines → items or texts; what is neither is said, counted and dead-lettered, and the rest goes on."""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import TypeVar

from processors.errors import ItemError, RevisionConflict, TocsinError
from processors.model import ItemMentions
from streams.codec import encode
from streams.deadletter import DeadLetter
from streams.extracting import Unread
from streams.lines import Line

MOST_AT_ONE_TIME = 10_000  # items of one and the same time that are brought into order

T = TypeVar("T")


class Rejects:
    """What was rejected. `keep` stores a dead letter; without a store the message is all that is left."""

    def __init__(self, stage: str, keep: Callable[[DeadLetter], None]) -> None:
        self.count = 0
        self._stage, self._keep = stage, keep

    def line(self, line: Line, error: ItemError) -> None:
        """A line that is no item, with its bytes."""
        self._reject(f"{line.origin}:{line.number}", error.code, error.reason, line.data, error.field)

    def conflict(self, told: ItemMentions, error: RevisionConflict) -> None:
        """A revision that was taken in before, with another text."""
        self._reject(told.item, error.code, str(error), encode(told))

    def unread(self, unread: Unread) -> None:
        """An item that broke the reading."""
        self._reject(unread.item.ref, unread.code, unread.reason, encode(unread.item))

    def _reject(self, origin: str, code: str, reason: str, data: bytes, field: str | None = None) -> None:
        self.count += 1
        named = f"{field}: {reason}" if field else reason
        print(f"{origin}: {named}", file=sys.stderr)  # noqa: T201  the contract's message
        letter = DeadLetter(
            stage=self._stage,
            code=code,
            reason=reason,
            field=field,
            origin=origin,
            value=data,
            put_at=datetime.now(UTC),
        )
        try:
            self._keep(letter)
        except TocsinError as failure:
            print(f"{origin}: not dead-lettered: {failure}", file=sys.stderr)  # noqa: T201


def decoded(chunks: Iterable[list[Line]], decode: Callable[[bytes], T], rejects: Rejects) -> Iterator[list[T]]:
    """Each chunk's lines decoded, without those that were rejected; chunks left empty are passed over."""
    for chunk in chunks:
        good: list[T] = []
        for line in chunk:
            try:
                good.append(decode(line.data))
            except ItemError as error:
                rejects.line(line, error)
        if good:
            yield good


def read_ones(told: Iterable[T | Unread], rejects: Rejects) -> Iterator[T]:
    """What could be read; the rest is rejected."""
    for each in told:
        if isinstance(each, Unread):
            rejects.unread(each)
        else:
            yield each


def in_order(told: Iterable[ItemMentions]) -> Iterator[ItemMentions]:
    """The input's order, but neighbours of equal time by source, id and revision: their order means nothing."""
    for _, together in groupby(told, key=lambda each: each.published_at):
        while part := _first(together, MOST_AT_ONE_TIME):
            yield from sorted(part, key=lambda each: (each.source_id, each.external_id, each.revision))


def _first(values: Iterator[ItemMentions], most: int) -> list[ItemMentions]:
    return [value for _, value in zip(range(most), values, strict=False)]
