"""Layers taken from elsewhere: their hours as ours, where they end, and whether two would hold at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firstcall.ready.rules.turns import Turns, at_once, handover_after, unfit, within_day, within_week
from firstcall.ready.rules.window import EVERY_DAY, Window, is_within

NINE, FIVE = dt.time(9), dt.time(17)
MIDNIGHT = dt.time(0)
TURNS = Turns(("a",), NINE, dt.date(2026, 11, 2), "Europe/Berlin", name="One")
OFFICE = Window(frozenset({1, 2, 3, 4, 5}), NINE, FIVE)
NIGHTS = Window(EVERY_DAY, FIVE, NINE)


def days(*numbers: int) -> frozenset[int]:
    return frozenset(numbers)


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        (NINE, 480, (Window(EVERY_DAY, NINE, FIVE),)),
        (FIVE, 960, (Window(EVERY_DAY, FIVE, NINE),)),
        (NINE, 1440, ()),
        (NINE, 1441, None),
        (NINE, 0, None),
    ],
)
def test_hours_of_every_day(start: dt.time, minutes: int, expected: tuple[Window, ...] | None) -> None:
    assert within_day(start, minutes) == expected


@pytest.mark.parametrize(
    ("day", "start", "minutes", "expected"),
    [
        (1, NINE, 480, (Window(days(1), NINE, FIVE),)),
        (7, FIVE, 960, (Window(days(7), FIVE, NINE),)),
        (3, NINE, 1440, (Window(days(3), NINE, NINE),)),
        (5, FIVE, 60 * 64, (Window(days(5), FIVE, MIDNIGHT), Window(days(6, 7), MIDNIGHT, MIDNIGHT),
                            Window(days(1), MIDNIGHT, NINE))),
        (6, MIDNIGHT, 2880, (Window(days(6), MIDNIGHT, MIDNIGHT), Window(days(7), MIDNIGHT, MIDNIGHT))),
        (1, NINE, 7 * 1440, ()),
        (1, NINE, 7 * 1440 + 1, None),
    ],
)  # fmt: skip
def test_a_span_of_the_week(day: int, start: dt.time, minutes: int, expected: tuple[Window, ...] | None) -> None:
    assert within_week(day, start, minutes) == expected


@settings(max_examples=60)
@given(st.integers(1, 7), st.integers(0, 1439), st.integers(1, 7 * 1440), st.integers(0, 7 * 1440 - 1))
def test_its_windows_hold_in_that_span_and_at_no_other_minute(day: int, first: int, minutes: int, at: int) -> None:
    windows = within_week(day, dt.time(first // 60, first % 60), minutes)
    assert windows is not None
    begins = (day - 1) * 1440 + first
    monday = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
    inside = any(begins <= at + week < begins + minutes for week in (0, 7 * 1440))
    assert is_within(windows, "UTC", at=monday + dt.timedelta(minutes=at)) == inside


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, True),
        ({"level": 1}, False),
        ({"until": dt.date(2026, 11, 9), "starts": dt.date(2026, 10, 5)}, True),
        ({"until": dt.date(2026, 11, 2), "starts": dt.date(2026, 10, 5)}, False),
        ({"windows": (NIGHTS,)}, True),
    ],
)
def test_two_without_hours_meet_unless_one_is_above_or_over(change: dict[str, Any], found: bool) -> None:
    why = at_once((TURNS, replace(TURNS, name="Two", **change)))
    assert (why is not None) == found
    if why is not None:
        assert why.facts == {"one": "One", "other": "Two"}


@pytest.mark.parametrize(
    ("zone", "window", "found"),
    [
        ("Europe/Berlin", NIGHTS, False),
        ("Europe/Berlin", Window(EVERY_DAY, dt.time(16), NINE), True),
        ("Europe/Berlin", Window(days(6), NINE, FIVE), False),
        ("Europe/Berlin", Window(days(7), FIVE, dt.time(10)), True),
        # 17:00 in Berlin is 11:00 in New York for most of the year, and 12:00 for three weeks in spring.
        ("America/New_York", Window(days(1, 2, 3, 4, 5), dt.time(11), FIVE), True),
        ("America/New_York", Window(days(1, 2, 3, 4, 5), dt.time(12), FIVE), False),
    ],
)
def test_hours_meet_by_the_clock_on_the_wall(zone: str, window: Window, found: bool) -> None:
    one = replace(TURNS, windows=(OFFICE,))
    assert (at_once((one, replace(TURNS, zone=zone, windows=(window,)))) is not None) == found


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"members": ()}, "nobody"),
        ({"members": (), "calendar": "https://example.com/a.ics"}, None),
        ({"length_days": 366}, "more than a year"),
        ({"windows": (OFFICE,) * 51}, "spans of hours"),
        ({"length_hours": 8761}, "more than a year"),
        ({"starts": dt.date(1999, 12, 31)}, "2000"),
        ({"until": dt.date(2026, 11, 2)}, "before it begins"),
        ({}, None),
    ],
)
def test_what_our_schedule_would_refuse_is_known_before(change: dict[str, Any], text: str | None) -> None:
    why = unfit(replace(TURNS, **change))
    assert (why is None) if text is None else (why is not None and text in why.text)


def wall(*parts: int) -> dt.datetime:
    """A wall time, without a zone."""
    return dt.datetime(*parts, tzinfo=dt.UTC).replace(tzinfo=None)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (wall(2026, 10, 1), dt.date(2026, 11, 2)),
        (wall(2026, 11, 9, 9), dt.date(2026, 11, 9)),
        (wall(2026, 11, 9, 9, 1), dt.date(2026, 11, 16)),
        (wall(2026, 11, 12), dt.date(2026, 11, 16)),
    ],
)
def test_a_layer_ends_at_a_handover(at: dt.datetime, expected: dt.date) -> None:
    assert handover_after(TURNS, at) == expected
