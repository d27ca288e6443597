"""Dead letters of the embedded service, processed again: those that go through are removed, the others stay."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Event

import structlog

from processors.errors import InputError
from processors.model import Item, ItemMentions
from processors.resolve.resolve import Policy
from streams.codec import decode, decode_item
from streams.deadletter import DeadLetter
from streams.embedded import Embedded
from streams.extracting import read_all
from streams.feeding import Unit
from streams.readers import Recipe
from streams.store import Store, deadletters

NEVER = timedelta(days=36500)  # nothing is forgotten by looking at what is old


def process(store: Store, letters: Sequence[DeadLetter], recipe: Recipe, policy: Policy) -> list[str]:
    """The ids of the letters that went through, oldest first. Entries of feeds are no items and stay."""
    service = Embedded(store, policy, (), structlog.get_logger(), NEVER, Event())
    pipeline, done = recipe.pipeline(), []
    for letter in reversed(letters):
        told = _told(letter)
        if told is None:
            continue
        read = read_all(pipeline, [told]) if isinstance(told, Item) else [told]
        service.take(Unit(), read)
        if _known(store, told):
            done.append(letter.letter_id)
    deadletters.purge(store.engine, done)
    return done


def _told(letter: DeadLetter) -> Item | ItemMentions | None:
    """What the letter's bytes are, by its stage; None where they still are neither."""
    try:
        if letter.stage == "extract":
            return decode_item(letter.value or b"")
        return decode(letter.value or b"", ItemMentions) if letter.stage == "resolve" else None
    except InputError:
        return None


def _known(store: Store, told: Item | ItemMentions) -> bool:
    """The state has it, in this revision or a later one."""
    with store.looking() as work:
        state = work.item(f"{told.source_id}/{told.external_id}")
    return state is not None and state.revision >= told.revision
