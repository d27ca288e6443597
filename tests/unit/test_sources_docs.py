"""docs/sources.md says everything that can be set and everything that can come out."""

from pathlib import Path
from typing import get_args

import pytest

from producers.fetch import FailureKind
from producers.parsed import ParseFailureKind
from producers.sources import KINDS, Source

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
CODES = [f"fetch_{kind}" for kind in get_args(FailureKind)]
CODES += [f"parse_{kind}" for kind in get_args(ParseFailureKind)]


@pytest.mark.parametrize("word", [*Source.__struct_fields__, *KINDS, *CODES])
def test_named(word: str) -> None:
    assert f"`{word}`" in PAGE
