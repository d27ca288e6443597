"""What hostile servers do to a poll: a reason, within the deadline, below 300 MiB in every process.

All are polled by one process after the other, so that the memory is the most that any of them has cost until then.
"""

from collections.abc import Iterator

import pytest

from benchmarks.polling_hostile import Measurer
from tests.servers.hostile import CASES, prepare

LIMIT = 300.0  # MiB
FETCHING = 3.0  # seconds
PARSING = 21.0  # seconds: the wall clock limit of the parsing process, and a moment to start it

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def measurer() -> Iterator[Measurer]:
    prepare()
    with Measurer(FETCHING) as one:
        yield one


@pytest.mark.parametrize("name", CASES)
def test_hostile(name: str, measurer: Measurer) -> None:
    found = measurer.measure(CASES[name].handler)
    assert found.outcome in CASES[name].outcomes
    assert found.reason
    assert 0 < found.memory < LIMIT
    assert found.seconds < FETCHING + PARSING
