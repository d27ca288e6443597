"""The phrase index."""

from hypothesis import given
from hypothesis import strategies as st

from processors.extract.phrases import PhraseIndex, fold

INDEX = PhraseIndex(
    [("Al-Shabaab", 1, False), ("IS", 2, True), ("Islamic State", 3, False), ("Islamic State group", 4, False)]
)


def found(text: str) -> list[tuple[str, int]]:
    return [(text[a:b], v) for a, b, v in INDEX.find(text)]


def test_hyphens_accents_and_case_do_not_matter() -> None:
    assert found("al Shabáab") == [("al Shabáab", 1)]


def test_an_exact_phrase_agrees_in_case() -> None:
    assert found("is it IS") == [("IS", 2)]


def test_the_longest_phrase_counts() -> None:
    assert found("the Islamic State group said") == [("Islamic State group", 4)]


def test_a_part_in_round_brackets_belongs_to_a_name() -> None:
    assert found("the Islamic (State) group") == [("Islamic (State)", 3)]


def test_a_comma_parts_words() -> None:
    assert found("Islamic, State") == []


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    for start, end, _ in INDEX.find(text):
        assert 0 <= start < end <= len(text)


@given(st.text(min_size=1, max_size=20))
def test_folding_twice_changes_nothing_more(word: str) -> None:
    assert fold(fold(word)) == fold(word)
