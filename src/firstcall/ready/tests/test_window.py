"""Wall times that come back every week."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.ready.rules.window import EVERY_DAY, Span, Window, is_within, spans

OFFICE = Window(frozenset({1, 2, 3, 4, 5}), dt.time(9), dt.time(17))
NIGHTS = Window(frozenset({5}), dt.time(22), dt.time(6))
WHOLE = Window(frozenset({7}), dt.time(0), dt.time(0))


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("window", "at", "inside"),
    [
        (OFFICE, utc(2026, 11, 20, 8), True),  # Friday 09:00 in Berlin
        (OFFICE, utc(2026, 11, 20, 7, 59), False),
        (OFFICE, utc(2026, 11, 20, 16), False),  # it ends before 17:00
        (OFFICE, utc(2026, 11, 21, 10), False),
        (NIGHTS, utc(2026, 11, 20, 21), True),
        (NIGHTS, utc(2026, 11, 21, 4, 59), True),  # Saturday morning belongs to Friday's night
        (NIGHTS, utc(2026, 11, 21, 5), False),
        (NIGHTS, utc(2026, 11, 21, 22), False),
        (WHOLE, utc(2026, 11, 21, 23), True),  # Sunday has begun in Berlin
        (WHOLE, utc(2026, 11, 22, 23), False),
    ],
)
def test_an_instant_lies_in_it_by_the_clock_of_the_zone(window: Window, at: dt.datetime, inside: bool) -> None:
    assert is_within((window,), "Europe/Berlin", at=at) is inside


def test_without_windows_everything_counts() -> None:
    assert is_within((), "Europe/Berlin", at=utc(2026, 1, 1))


def test_a_night_is_an_hour_longer_when_clocks_go_back() -> None:
    night = Window(frozenset({6}), dt.time(22), dt.time(6))
    found = list(spans((night,), "Europe/Berlin", start=utc(2026, 10, 24), end=utc(2026, 10, 26)))
    assert found == [Span(utc(2026, 10, 24, 20), utc(2026, 10, 25, 5))]


def test_what_a_clock_change_swallows_whole_is_left_out() -> None:
    gone = Window(EVERY_DAY, dt.time(2, 10), dt.time(2, 50))
    found = list(spans((gone,), "Europe/Berlin", start=utc(2026, 3, 29), end=utc(2026, 3, 29, 12)))
    assert found == []


@given(minute=st.integers(0, 7 * 24 * 60), day=st.integers(1, 7), starts=st.integers(0, 23), ends=st.integers(0, 23))
def test_a_window_and_the_rest_of_the_week_share_no_instant(minute: int, day: int, starts: int, ends: int) -> None:
    window = Window(frozenset({day}), dt.time(starts), dt.time(ends))
    at = utc(2026, 6, 1) + dt.timedelta(minutes=minute)  # a week without a clock change
    local = at.isoweekday(), at.hour
    after = (day % 7) + 1
    if ends > starts:
        inside = local[0] == day and starts <= local[1] < ends
    else:
        inside = (local[0] == day and local[1] >= starts) or (local[0] == after and local[1] < ends)
    assert is_within((window,), "UTC", at=at) is inside
