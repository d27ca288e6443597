"""Reading in several processes: the same results in the same order; errors that no text can help reach the caller."""

from collections.abc import Iterator

import pytest

from processors.errors import ResourceError
from processors.model import Item
from streams.extracting import Unread, read_all
from streams.readers import Readers
from tests.integration.embedded_service import PlainRecipe
from tests.plainreader import PlainReader, stream


class BrokenRecipe:
    """A recipe whose models are missing."""

    def pipeline(self) -> PlainReader:
        raise ResourceError("no model")


class PoisonedReader(PlainReader):
    """Cannot read item 5."""

    def read(self, items):  # type: ignore[no-untyped-def]
        if any(item.external_id == "5" for item in items):
            raise RuntimeError("poison")
        return super().read(items)


def chunks(size: int) -> Iterator[list[Item]]:
    items = stream(60, 2)
    yield from (items[i : i + size] for i in range(0, len(items), size))


def test_several_processes_give_what_one_gives() -> None:
    with (
        Readers(PlainRecipe(), read_all, 2, lambda: 1000) as many,
        Readers(PlainRecipe(), read_all, 1, lambda: 0) as one,
    ):  # type: ignore[arg-type]
        there = [each.out for each in many.read(chunks(7))]
        here = [each.out for each in one.read(chunks(7))]
    assert there == here
    assert many._pool is not None
    assert one._pool is None


def test_little_is_read_in_this_process() -> None:
    with Readers(PlainRecipe(), read_all, 8, lambda: 10) as readers:  # type: ignore[arg-type]
        assert sum(each.taken for each in readers.read(chunks(7))) == 60
        assert readers._pool is None


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_missing_model_ends_it(jobs: int) -> None:
    with (
        Readers(BrokenRecipe(), read_all, jobs, lambda: 1000) as readers,
        pytest.raises(ResourceError, match="no model"),
    ):  # type: ignore[arg-type]
        list(readers.read(chunks(7)))


def test_a_poisoned_text_costs_only_itself() -> None:
    told = read_all(PoisonedReader(), stream(12, 2))
    assert [each.item.external_id for each in told if isinstance(each, Unread)] == ["5"]
    assert len(told) == 12
    assert "poison" in next(each.reason for each in told if isinstance(each, Unread))
