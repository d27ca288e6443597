"""When a source is asked again."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers import schedule
from producers.schedule import Hints

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)  # a Sunday
QUARTER = timedelta(minutes=15)


def wait(headers: dict[str, str], hints: Hints = Hints()) -> timedelta:  # noqa: B008
    return schedule.after_success(NOW, QUARTER, headers, hints, 0.5) - NOW


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, 15),
        ({"cache-control": "public, max-age=3600"}, 60),
        ({"cache-control": "max-age=60"}, 15),
        ({"cache-control": "no-cache, max-age=3600"}, 15),
        ({"cache-control": "max-age=99999999999999"}, 24 * 60),
        ({"cache-control": "max-age=ten"}, 15),
        ({"expires": format_datetime(NOW + timedelta(minutes=40))}, 40),
        ({"expires": format_datetime(NOW + timedelta(minutes=40)), "cache-control": "max-age=0"}, 15),
        ({"expires": "0"}, 15),
        ({"expires": "Tue, 99 Foo 2026"}, 15),
    ],
)
def test_what_the_server_asks_for(headers: dict[str, str], minutes: int) -> None:
    assert wait(headers) == timedelta(minutes=minutes)


def test_what_the_feed_asks_for() -> None:
    assert wait({}, Hints(ttl=timedelta(hours=2))) == timedelta(hours=2)
    assert wait({}, Hints(ttl=timedelta(days=365))) == timedelta(hours=24)
    assert wait({}, Hints(skip_hours=frozenset({12, 13}))) == timedelta(hours=2)
    assert wait({}, Hints(skip_days=frozenset({"sunday"}))) == timedelta(hours=12)


def test_a_feed_that_skips_everything_is_asked_nonetheless() -> None:
    assert wait({}, Hints(skip_hours=frozenset(range(24)))) == QUARTER


def failing(failures: int, status: int | None = None, headers: dict[str, str] | None = None) -> timedelta:
    return schedule.after_failure(NOW, QUARTER, failures, status, headers or {}, 0.5) - NOW


def test_failures_double_the_wait_up_to_a_day_and_never_end_it() -> None:
    assert [failing(n) / QUARTER for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert failing(100_000) == timedelta(hours=24)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_left_alone_as_long_as_it_says(status: int) -> None:
    assert failing(1, status, {"retry-after": "7200"}) == timedelta(hours=2)
    assert failing(1, status, {"retry-after": format_datetime(NOW + timedelta(hours=3))}) == timedelta(hours=3)
    assert failing(1, status, {"retry-after": "5"}) == QUARTER
    assert failing(1, status, {"retry-after": "-5"}) == QUARTER
    quick = timedelta(seconds=30)
    assert schedule.after_failure(NOW, quick, 1, status, {}, 0.5) - NOW == schedule.BUSY


@given(
    st.integers(1, 10**6),
    st.sampled_from([None, 200, 429, 500, 503]),
    st.dictionaries(st.sampled_from(["retry-after", "cache-control", "expires"]), st.text(max_size=60)),
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.floats(0, 1),
)
def test_the_next_poll_is_always_within_bounds(
    failures: int, status: int | None, headers: dict[str, str], interval: timedelta, jitter: float
) -> None:
    longest = schedule.CEILING * (1 + schedule.JITTER)
    after_failure = schedule.after_failure(NOW, interval, failures, status, headers, jitter)
    after_success = schedule.after_success(NOW, interval, headers, Hints(), jitter)
    assert schedule.FLOOR <= after_failure - NOW <= longest
    assert schedule.FLOOR <= after_success - NOW <= longest
