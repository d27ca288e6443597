"""The reading process: what ends it, stalls it or is missing in it, and what that costs."""

from collections.abc import Iterator, Sequence

import pytest

from processors.errors import ResourceError
from processors.model import Item, ItemMentions
from streams import codec
from streams.kafka_envelope import Original, item_headers
from streams.kafka_reader import Failure, ReaderProcess
from tests.kafka import harness
from tests.kafka.worker import PlainReader


class Unequipped:
    """A reader whose model is missing."""

    def read(self, items: Sequence[Item]) -> list[ItemMentions]:
        raise ResourceError("no model")


def original(item: Item) -> Original:
    headers = tuple(item_headers(item, "here"))
    key, value = item.key.encode(), codec.encode(item)
    return Original(topic="items.v1", partition=0, offset=0, timestamp=0, key=key, value=value, headers=headers)


@pytest.fixture
def plain() -> Iterator[ReaderProcess]:
    reader = ReaderProcess(PlainReader, 1 << 20, timeout=5)
    reader.start()
    yield reader
    reader.close()


def test_one_bad_text_costs_only_itself(plain: ReaderProcess) -> None:
    bodies = (harness.telling(1), "crash", harness.telling(2), "poison", "hang", harness.telling(3))
    found = plain.read([original(harness.item("a", str(n), body)) for n, body in enumerate(bodies)])
    codes = [each.code if isinstance(each, Failure) else None for each in found]
    assert codes == [None, "reader_crashed", None, "internal", "reader_timeout", None]


def test_the_child_dies_with_its_reader(plain: ReaderProcess) -> None:
    child = plain._child
    plain.close()
    assert child and not child.is_alive()


def test_a_missing_model_is_no_texts_fault() -> None:
    reader = ReaderProcess(Unequipped, 1 << 20, timeout=5)
    with pytest.raises(ResourceError, match="no model"):
        reader.read([original(harness.item("a", "1", "text"))])
    reader.close()
