"""Time expressions: what is found, what it means on the day of publication, what is none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.errors import ResourceError
from processors.times.expression import TimeExpression
from processors.times.find import find_times
from processors.times.lexicon import Rule, grammar, is_known

WEDNESDAY = datetime(2024, 2, 7, 15, 0, tzinfo=UTC)


def values(text: str, anchor: datetime = WEDNESDAY) -> list[tuple[str, str, str | None]]:
    return [(t.text, t.value, t.end_value) for t in find_times(text, anchor)]


def only(text: str, anchor: datetime = WEDNESDAY) -> TimeExpression:
    found = find_times(text, anchor)
    assert len(found) == 1, found
    return found[0]


DAYS = [
    ("The depot burned on Sunday.", "2024-02-04"),
    ("The depot burned on Wednesday.", "2024-02-07"),
    ("The depot burned last Wednesday.", "2024-01-31"),
    ("They will march on Friday.", "2024-02-09"),
    ("They march next Friday.", "2024-02-09"),
    ("A hearing is scheduled for Monday.", "2024-02-12"),
    ("The depot burned on Jan. 28.", "2024-01-28"),
    ("The depot burned on 28 January 2023.", "2023-01-28"),
    ("The depot burned on December 30.", "2023-12-30"),
    ("A vote will be held on March 3.", "2024-03-03"),
    ("Logged 28.01.2024.", "2024-01-28"),
    ("Logged 2024-01-28.", "2024-01-28"),
    ("Logged 20240128 by the duty officer.", "2024-01-28"),
    ("Logged 1/28/2024.", "2024-01-28"),
    ("Logged 28/1/2024.", "2024-01-28"),
    ("It burned yesterday.", "2024-02-06"),
    ("It burned the day before yesterday.", "2024-02-05"),
    ("It burned two days ago.", "2024-02-05"),
    ("It burned on Christmas Eve.", "2023-12-24"),
    ("It burned on Friday, Jan. 28.", "2022-01-28"),
    ("It burned exactly two years ago.", "2022-02-07"),
    ("It burned two years ago today.", "2022-02-07"),
    ("It burned exactly three weeks ago.", "2024-01-17"),
]


@pytest.mark.parametrize(("text", "value"), DAYS)
def test_days(text: str, value: str) -> None:
    found = only(text)
    assert (found.value, found.end_value, found.precision) == (value, None, "day")
    assert text[found.start : found.end] == found.text


COARSE = [
    ("It opened last week.", "2024-W05", None, "week"),
    ("It opened last month.", "2024-01", None, "month"),
    ("It opened in October.", "2023-10", None, "month"),
    ("It opened in June 2019.", "2019-06", None, "month"),
    ("It opened in April last year.", "2023-04", None, "month"),
    ("It opened in 2004.", "2004", None, "year"),
    ("It was built in the 1930s.", "1930", "1939", "year"),
    ("It ran from Friday to Sunday.", "2024-02-02", "2024-02-04", "day"),
    ("It ran on Feb. 3-5.", "2024-02-03", "2024-02-05", "day"),
    ("Four mills burned in the past three days.", "2024-02-04", "2024-02-07", "day"),
]


@pytest.mark.parametrize(("text", "value", "last", "precision"), COARSE)
def test_weeks_months_years_and_stretches(text: str, value: str, last: str | None, precision: str) -> None:
    found = only(text)
    assert (found.value, found.end_value, found.precision) == (value, last, precision)


CLOCKS = [
    ("It burned at 11:40 p.m. on Sunday.", "2024-02-04T23:40"),
    ("It burned on Sunday at 0530 local time.", "2024-02-04T05:30"),
    ("It burned at 14:05 yesterday.", "2024-02-06T14:05"),
    ("It burned around 9:30 Tuesday night.", "2024-02-06T21:30"),
    ("It burned on Sunday at 9 o'clock.", "2024-02-04T09:00"),
]


@pytest.mark.parametrize(("text", "value"), CLOCKS)
def test_clock_times_join_their_day(text: str, value: str) -> None:
    assert only(text).value == value


def test_a_clock_time_leans_on_the_day_told_in_its_sentence_or_before() -> None:
    assert values("On Sunday a depot burned. Crews came at 6 a.m.")[1][1] == "2024-02-04T06:00"


def test_a_zone_behind_a_clock_time_is_kept() -> None:
    clock = only("It burned at 14:00 GMT yesterday.").reading.clock
    assert clock is not None and clock.offset == 0


def test_the_same_moment_told_twice_is_one_expression() -> None:
    assert only("Bombs fell at 3 p.m. (1200 GMT) on Sunday.").value == "2024-02-04T15:00"


ANAPHORA = [
    ("On Friday he was seen. Two days earlier the mill had burned.", "2024-01-31"),
    ("On Friday he was seen; that night the mill burned.", "2024-02-02"),
    ("On Friday he was seen; the following day the mill burned.", "2024-02-03"),
    ("On Friday he was seen. The mill had burned the day before.", "2024-02-01"),
    ("On Friday a storm the day before had closed the port.", "2024-02-01"),
]


@pytest.mark.parametrize(("text", "value"), ANAPHORA)
def test_anaphora_counts_from_the_last_told_day(text: str, value: str) -> None:
    found = find_times(text, WEDNESDAY)[-1]
    assert found.kind == "anaphoric"
    assert found.value.startswith(value)


def test_without_a_told_day_anaphora_counts_from_publication() -> None:
    assert only("Two days earlier the mill had burned.").value == "2024-02-05"


NIGHTS = [
    ("The mill burned overnight.", "2024-02-07"),
    ("The mill burned on Monday night.", "2024-02-05"),
    ("The mill burned in the early hours of Sunday.", "2024-02-04"),
    ("The mill burned overnight into Saturday.", "2024-02-03"),
    ("The mill burned in the night of Monday to Tuesday.", "2024-02-06"),
    ("The mill burned last night.", "2024-02-06"),
]


@pytest.mark.parametrize(("text", "day"), NIGHTS)
def test_a_night_counts_for_its_morning_unless_the_evening_is_named(text: str, day: str) -> None:
    moments = only(text).reading.at(WEDNESDAY.replace(tzinfo=None))
    assert moments is not None and str(moments.day) == day


NOTHING = [
    "A 34-year-old man waited for three days.",
    "He may march in the sun and sat down.",
    "They killed 2004 people at 1117 Vandergriff Drive.",
    "The Sun-Times has more on Sunset Boulevard.",
    "The score was 2:1 and the ratio 1 to 10.",
    "Flight 1430 carried 20 tons at $1999.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_no_times(text: str) -> None:
    assert values(text) == []


def test_a_weekday_that_lies_ahead_is_marked() -> None:
    assert only("They will march on Friday.").looks_ahead
    assert not only("They marched on Friday.").looks_ahead


RULES = [
    (lang, rule) for lang in ("en", "ru", "uk", "fr", "es", "tr", "ar", "he", "fa") for rule in grammar(lang).words.rule
]


@pytest.mark.parametrize(("lang", "rule"), RULES)
def test_each_rule_fires_on_its_example(lang: str, rule: Rule) -> None:
    assert find_times(rule.example, WEDNESDAY, lang), rule.form


OTHER_LANGUAGES = [
    ("ru", "Склад сгорел в ночь на понедельник.", "2024-02-05"),
    ("ru", "Склад сгорел вчера вечером.", "2024-02-06"),
    ("uk", "Склад згорів у неділю вранці.", "2024-02-04"),
    ("fr", "Le moulin a brûlé dans la nuit de samedi à dimanche.", "2024-02-04"),
    ("es", "El molino ardió anoche.", "2024-02-06"),
    ("tr", "Değirmen pazartesi sabahı yandı.", "2024-02-05"),
    ("ar", "احترقت الطاحونة فجر الأحد.", "2024-02-04"),
    ("he", "הטחנה נשרפה ביום ראשון בבוקר.", "2024-02-04"),
    ("fa", "آسیاب ۳ فوریه ۲۰۲۱ سوخت.", "2021-02-03"),
]


@pytest.mark.parametrize(("lang", "text", "day"), OTHER_LANGUAGES)
def test_other_languages(lang: str, text: str, day: str) -> None:
    found = find_times(text, WEDNESDAY, lang)
    assert len(found) == 1
    moments = found[0].reading.at(WEDNESDAY.replace(tzinfo=None))
    assert moments is not None and str(moments.day) == day


def test_which_languages_are_known() -> None:
    assert is_known("en") and is_known("fa")
    assert not is_known("xx") and not is_known(None)


def test_a_language_without_a_lexicon_is_an_error() -> None:
    with pytest.raises(ResourceError):
        find_times("x", WEDNESDAY, "xx")


PIECES = st.sampled_from(
    [
        "Monday",
        "last",
        "early",
        "12",
        "30",
        ":",
        ".",
        "May",
        "2024",
        "99",
        "p.m.",
        "hours",
        "ago",
        "the",
        "-",
        "to",
        "from",
        "Feb",
        "31",
        "night",
        "(",
        ")",
        "İ",
        "GMT",
        "0000",
        "weeks",
        "1/2/2024",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=14), st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001
def test_any_text_gives_ordered_spans_with_sane_values(pieces: list[str], anchor: datetime) -> None:
    text = " ".join(pieces)
    found = find_times(text, anchor)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    for t in found:
        assert text[t.start : t.end] == t.text
        assert t.first < t.until <= t.first + timedelta(days=366 * 200)


def test_a_date_near_a_full_one_shares_its_year() -> None:
    assert [v for _, v, _ in values("He died on June 24, 2005 after a raid of June 20.")] == [
        "2005-06-24",
        "2005-06-20",
    ]
    assert [v for _, v, _ in values("Born on March 3, 1980, he died on Jan. 4.")] == ["1980-03-03", "2024-01-04"]


def test_a_clock_time_takes_the_day_of_the_next_sentence() -> None:
    found = values("Men robbed a shop shortly after 11 a.m., police said. The search went on Monday.")
    assert found[0][1] == "2024-02-05T11:00"
