"""The checker of quotes finds what it is there to find."""

import msgspec
import pytest

from processors.model import Claim, Count, EventType, Mention, Modality, Span
from tests.quality.support import states, unsupported

TEXT = "Gunmen killed twenty-two people at the market, police said."


@pytest.mark.parametrize(
    ("words", "low", "high", "right"),
    [
        ("twenty-two people", 22, 22, True),
        ("twenty-two people", 12, 12, False),
        ("more than 1,200 fighters", 1201, None, True),
        ("a couple and their three children", 5, 5, True),
        ("two policemen and a passer-by", 3, 3, True),
        ("dozens", 24, None, True),
        ("Four soldiers died, and seven of the police", 11, 11, True),
        ("Five people were hit by gunfire, two of them fatally", 3, 3, True),
        ("Five people were hit by gunfire, two of them fatally", 14, 14, False),
        ("Ana Ruiz, Leo and Ali bin Omar", 3, 3, True),
        ("a triple murder", 3, 3, True),
        ("him, a sixth dead", 6, 6, True),
        ("Rosa Medina, 41, Luis Medina, 17, Carla Ortiz, 20", 3, 3, True),
        ("nobody was hurt", 0, 0, True),
        ("everyone is safe", 0, 0, True),
        ("at least 18", 14, None, False),
    ],
)
def test_numbers_are_read_from_the_words_alone(words: str, low: int, high: int | None, right: bool) -> None:
    assert states(words, low, high) is right


def mention(count: Count, *claims: Claim) -> Mention:
    return Mention(
        event_type=EventType.SHOOTING,
        trigger=Span(7, 13, "killed"),
        modality=Modality.ACTUAL,
        confidence=0.9,
        killed=count,
        claims=claims,
    )


def test_what_is_said_passes_and_what_is_not_is_named() -> None:
    right = Count(min=22, max=22, text="twenty-two people", start=14, end=31)
    claim = Claim(slot="occurrence", value="shooting", stance="reports", by="police", quote=TEXT[:31], start=0, end=31)
    assert list(unsupported(mention(right, claim), TEXT)) == []
    wrong = msgspec.structs.replace(right, min=30, max=30)
    denial = msgspec.structs.replace(claim, stance="denies")
    moved = msgspec.structs.replace(claim, start=3)
    assert [what for what, _ in unsupported(mention(wrong, denial, moved), TEXT)] == [
        "killed not what its words say",
        "denial of occurrence without words that deny",
        "quote not at its offsets",
    ]
