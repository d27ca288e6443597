"""What hostile servers do to a poll: a reason, within the deadline, below 300 MiB in every process."""

import pytest

from benchmarks.polling_hostile import DEADLINE, measure
from tests.servers.hostile import CASES, prepare

LIMIT = 300.0  # MiB
PARSING = 21.0  # seconds: the wall clock limit of the parsing process, and a moment to start it


@pytest.fixture(scope="module", autouse=True)
def prepared() -> None:
    prepare()


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_hostile(name: str) -> None:
    found = measure(name)
    assert found.outcome in CASES[name].outcomes
    assert found.reason
    assert found.memory < LIMIT
    assert found.seconds < DEADLINE + PARSING
