"""When people are asked whether they are all right."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.respond.rules.care_check import hours_at_work, next_check

SINCE = dt.datetime(2026, 11, 20, 22, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(("worked", "asked"), [(0, 3), (2.9, 3), (3, 5), (4.5, 5), (5, 7), (12, 13)])
def test_after_three_hours_then_every_two(worked: float, asked: float) -> None:
    assert next_check(SINCE, now=SINCE + dt.timedelta(hours=worked)) == SINCE + dt.timedelta(hours=asked)


def test_hours_are_whole() -> None:
    assert hours_at_work(SINCE, now=SINCE + dt.timedelta(hours=3, minutes=59)) == 3
    assert hours_at_work(SINCE, now=SINCE - dt.timedelta(hours=1)) == 0
