"""The short form of `benchmarks/chaos`: what is killed, frozen or taken away costs nothing but time."""

import pytest

from benchmarks.chaos.runs import run

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.slow]


@pytest.mark.usefixtures("broker", "postgres")  # skipped where these cannot be had
def test_faults_in_one_stream_lose_nothing() -> None:
    line = run("medley", short=True, rate=20, number=400)
    assert line.well, line
