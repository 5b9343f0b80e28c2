"""Silence counts only while something waits."""

from __future__ import annotations

import datetime as dt

import pytest

from firstcall.respond.rules.presence import is_quiet

NOW = dt.datetime(2026, 11, 20, 22, 20, tzinfo=dt.UTC)


def ago(minutes: float) -> dt.datetime:
    return NOW - dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("sign", "waits", "quiet"),
    [(15, 5, True), (14.9, 5, False), (15, 4.9, False), (600, None, False), (600, 600, True), (1, 600, False)],
)
def test_a_quarter_of_an_hour_while_something_waits(sign: float, waits: float | None, quiet: bool) -> None:
    since = None if waits is None else ago(waits)
    assert is_quiet(last_sign=ago(sign), waits_since=since, now=NOW) is quiet
