"""What a status page says, and how sure that is."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.inform.rules.status import Said, component_status, confirm_due

NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], "operational"),
        ([Said("investigating", 1, 7)], "major_outage"),
        ([Said("identified", 2, 7)], "partial_outage"),
        ([Said("investigating", 3, 7)], "degraded_performance"),
        ([Said("monitoring", 1, 7)], "degraded_performance"),
        ([Said("resolved", 1, 7)], "operational"),
        ([Said("investigating", 1, 8)], "operational"),
        ([Said("investigating", 2, None)], "partial_outage"),
        ([Said("investigating", 3, 7), Said("investigating", 1, 7)], "major_outage"),
    ],
)
def test_a_part_follows_what_was_said_about_its_flow(said: list[Said], expected: str) -> None:
    assert component_status(7, said) == expected


@pytest.mark.parametrize(
    ("seconds", "open_", "due"),
    [(None, False, True), (59, True, False), (60, True, True), (299, False, False), (300, False, True)],
)
def test_it_is_confirmed_each_minute_while_something_is_open(seconds: int | None, open_: bool, due: bool) -> None:
    confirmed = None if seconds is None else NOW - dt.timedelta(seconds=seconds)
    assert confirm_due(confirmed_at=confirmed, open_=open_, now=NOW) is due
