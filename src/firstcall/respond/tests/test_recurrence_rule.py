"""The same outage back, or a new one; and how long a word stands against an alert."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.respond.rules.recurrence import decide_recurrence, patience

NOW = dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("resolved_at", "decided"),
    [
        (NOW, "reopen"),
        (NOW - MINUTE, "reopen"),
        (NOW - 2 * HOUR, "reopen"),
        (NOW - 2 * HOUR - SECOND, "new"),
        (NOW - 30 * 24 * HOUR, "new"),
        (None, "new"),  # declined: there was no outage that could come back
    ],
)
def test_what_comes_back_within_two_hours_is_the_same_outage(resolved_at: dt.datetime | None, decided: str) -> None:
    assert decide_recurrence(resolved_at, now=NOW) == decided


@pytest.mark.parametrize(
    ("times", "stands"),
    [(0, 10 * MINUTE), (1, 10 * MINUTE), (2, HOUR), (3, 4 * HOUR), (4, 4 * HOUR), (100, 4 * HOUR)],
)
def test_the_more_often_it_is_said_the_longer_it_stands_and_never_for_good(times: int, stands: dt.timedelta) -> None:
    assert patience(times) == stands


@pytest.mark.parametrize(("times", "hours"), [(0, 0.5), (1, 0.5), (2, 8), (3, 24), (100, 24)])
def test_a_false_alarm_is_asked_about_once_the_same_night_and_never_lost(times: int, hours: float) -> None:
    assert patience(times, declined=True) == hours * HOUR
