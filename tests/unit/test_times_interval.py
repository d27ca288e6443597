"""From expression to UTC interval: the place's zone decides which day "today" is."""

from datetime import UTC, datetime

import pytest

from processors.model import When
from processors.times.find import find_times
from processors.times.interval import resolve_interval
from processors.times.zones import zone_of, zone_of_country

PUBLISHED = datetime(2024, 4, 21, 22, 30, tzinfo=UTC)  # a Sunday; already Monday in Baghdad


def when(text: str, tz: str | None, published: datetime = PUBLISHED) -> When:
    return resolve_interval(find_times(text, published)[0], tz, published)


def test_today_is_the_local_day_of_publication() -> None:
    assert when("Shells fell today.", "Asia/Baghdad").local_date == "2024-04-22"
    assert when("Shells fell today.", "America/Chicago").local_date == "2024-04-21"
    assert when("Shells fell today.", None).local_date == "2024-04-21"


def test_a_day_is_an_interval_in_utc_with_an_open_end() -> None:
    found = when("Shells fell on Sunday.", "Asia/Baghdad")
    assert (found.start, found.end) == (
        datetime(2024, 4, 20, 21, tzinfo=UTC),
        datetime(2024, 4, 21, 21, tzinfo=UTC),
    )
    assert (found.local_date, found.precision, found.tz, found.text) == ("2024-04-21", "day", "Asia/Baghdad", "Sunday")


def test_a_clock_time_in_another_zone_keeps_its_instant() -> None:
    found = when("Shells fell at 22:15 GMT on Saturday.", "Asia/Baghdad")
    assert found.start == datetime(2024, 4, 20, 22, 15, tzinfo=UTC)
    assert found.local_date == "2024-04-21"


def test_a_bare_clock_time_is_the_last_one_before_publication() -> None:
    published = datetime(2024, 4, 21, 0, 20, tzinfo=UTC)
    assert when("23:40 loud blasts", "Europe/London", published).local_date == "2024-04-20"
    assert when("01:05 loud blasts", "Europe/London", published).local_date == "2024-04-21"


def test_overnight_counts_for_the_morning() -> None:
    found = when("Shells fell overnight.", "Asia/Baghdad")
    assert found.local_date == "2024-04-22"
    assert found.start < datetime(2024, 4, 21, 21, tzinfo=UTC) < found.end


def test_a_night_without_a_day_is_the_one_just_gone() -> None:
    found = when("Drones hit a depot at night.", "Europe/Kyiv", datetime(2024, 2, 7, 8, 0, tzinfo=UTC))
    assert (found.local_date, found.precision) == ("2024-02-07", "day")


def test_weeks_have_no_single_local_day() -> None:
    found = when("Shells fell last week.", "Asia/Baghdad")
    assert found.local_date is None and found.precision == "week"


@pytest.mark.parametrize(
    ("lat", "lon", "name"), [(33.3, 44.4, "Asia/Baghdad"), (41.9, -87.6, "America/Chicago"), (95.0, 0.0, None)]
)
def test_zone_of_a_point(lat: float, lon: float, name: str | None) -> None:
    assert zone_of(lat, lon) == name


def test_zone_of_a_country_with_one_zone() -> None:
    assert zone_of_country("IQ") == "Asia/Baghdad"
    assert zone_of_country("US") is None
    assert zone_of_country(None) is None


def test_an_unknown_zone_counts_as_utc() -> None:
    assert when("Shells fell on Sunday.", "Mars/Olympus").start == datetime(2024, 4, 21, tzinfo=UTC)
