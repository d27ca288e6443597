"""What tests of several kinds share."""

import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def place_index() -> Path:
    """The default place index: the one commands use too, built by the first to need it on a machine."""
    from streams.placeindex import ready_index
    from streams.settings import load

    return ready_index(load(), lambda words: print(words, file=sys.stderr))
