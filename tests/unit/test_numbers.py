"""Numbers that can count people or things, and those that cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.extract.numbers import find_numbers

FOUND = [
    ("12 people", 12, 12),
    ("1,200 people", 1200, 1200),
    ("twenty-three people", 23, 23),
    ("two hundred and six people", 206, 206),
    ("a hundred and fifty people", 150, 150),
    ("three thousand people", 3000, 3000),
    ("10 to 12 people", 10, 12),
    ("10-12 people", 10, 12),
    ("three or four people", 3, 4),
    ("between 5 and 7 people", 5, 7),
    ("at least five people", 5, None),
    ("more than five rockets", 6, None),
    ("10+ people", 10, None),
    ("twelve or more people", 12, None),
    ("up to 20 people", 0, 20),
    ("fewer than ten people", 0, 9),
    ("about 40 people", 40, 40),
    ("dozens of people", 24, None),
    ("scores of people", 40, None),
    ("hundreds of people", 200, None),
    ("tens of thousands of people", 20000, None),
    ("half a dozen people", 6, 6),
    ("a couple of people", 2, 2),
    ("both men", 2, 2),
    ("no one", 0, 0),
    ("nobody", 0, 0),
    ("another man", 1, 1),
    ("2019 people", 2019, 2019),
    ("2x KIA", 2, 2),
]


@pytest.mark.parametrize(("text", "low", "high"), FOUND)
def test_found(text: str, low: int, high: int | None) -> None:
    first = find_numbers(text)[0]
    assert (first.min, first.max) == (low, high)
    assert text[first.start : first.end].startswith(first.text)


NOT_PEOPLE = [
    "In 2019 it rained.",
    "Amal Hadi, 34, sang.",
    "34-year-old",
    "$5 million",
    "12 percent",
    "12%",
    "5 km north",
    "11:40 p.m.",
    "11 p.m.",
    "F-16 and T-72",
    "Jan. 27, 2019",
    "Unit 82",
    "the 1200 block",
    "3rd",
    "three-day",
    "abc11.com",
    "7.62 mm",
    "No. 4",
]


@pytest.mark.parametrize("text", NOT_PEOPLE)
def test_years_ages_money_distances_times_and_names_are_left_out(text: str) -> None:
    assert [q for q in find_numbers(text) if not q.article] == []


def test_an_article_is_marked_and_further_ones_too() -> None:
    assert find_numbers("a man")[0].article
    assert [q.more for q in find_numbers("two others and one man")] == [True, False]


def test_approximate_figures_are_marked() -> None:
    assert [q.approx for q in find_numbers("about 40 men and 12 women")] == [True, False]


@given(st.text(alphabet="0123456789,.- atowhundre%$:xİ", max_size=40))
def test_any_text_gives_spans_inside_it(text: str) -> None:
    for q in find_numbers(text):
        assert 0 <= q.start < q.end <= len(text)
        assert q.min is None or q.max is None or q.min <= q.max
