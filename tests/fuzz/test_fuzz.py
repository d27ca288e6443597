"""A short run of every fuzz target, always the same; long ones are `python -m tests.fuzz.run all`."""

from pathlib import Path

import pytest

from tests.fuzz.run import run
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_is_raised(name: str, tmp_path: Path) -> None:
    assert run(name, seconds=1.0, seed=7, folder=tmp_path) == 0, [path.read_text() for path in tmp_path.glob("*.txt")]
