"""Words of one sentence told side by side, or one after the other."""

import pytest

from processors.extract.clauses import answered_first, parted
from processors.extract.nlp import parse


@pytest.mark.parametrize(
    ("text", "one", "other", "apart"),
    [
        (
            "Gunmen killed a clerk in Ashdale on Tuesday, and a grenade wounded four people in Brookton.",
            "killed",
            "wounded",
            True,
        ),
        ("A bomb killed three people on Monday while gunmen shot two policemen in Brookton.", "killed", "shot", True),
        ("A bomb that a drone dropped killed three people.", "dropped", "killed", False),
        ("Police said gunmen shot two men.", "said", "shot", False),
    ],
)
def test_parted(text: str, one: str, other: str, apart: bool) -> None:
    [doc] = parse([text])
    words = {t.text: t for t in doc}
    assert parted(words[one], words[other]) is apart


def test_hours_after() -> None:
    text = "Hours after rockets struck a post, warplanes bombed a village."
    first, second = text.index("rockets"), text.index("warplanes")
    assert answered_first(text, second, first) is True
    assert answered_first(text, first, second) is False
    assert answered_first("Three died after a bomb went off.", 0, 20) is None
