"""The short form of `benchmarks/chaos`: what is killed, frozen or taken away costs nothing but time."""

import pytest

from benchmarks.chaos import run

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]


@pytest.mark.parametrize("fault", ["kill", "freeze", "postgres_away", "poison"])
@pytest.mark.usefixtures("broker", "postgres")  # skipped where these cannot be had
def test_a_fault_loses_nothing(fault: str) -> None:
    line = run(fault, short=True, rate=20, number=240)
    assert line.well, line
