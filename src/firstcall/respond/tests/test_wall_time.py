"""Times as people say them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.respond.rules.wall_time import last_at, next_at, parse_time, zone_named

BERLIN = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2026, 11, 20, 22, 12, tzinfo=dt.UTC)  # 23:12 in Berlin


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ("22:54", dt.time(22, 54)),
        (" 9:05 ", dt.time(9, 5)),
        ("22.54", dt.time(22, 54)),
        ("2254", dt.time(22, 54)),
        ("905", dt.time(9, 5)),
        ("9", dt.time(9, 0)),
        ("24:00", None),
        ("22:61", None),
        ("soon", None),
        ("", None),
    ],
)
def test_what_people_write_is_read(said: str, time: dt.time | None) -> None:
    assert parse_time(said) == time


def test_since_is_the_last_time_the_clock_showed_it() -> None:
    assert last_at(dt.time(22, 54), now=NOW, zone=BERLIN) == dt.datetime(2026, 11, 20, 21, 54, tzinfo=dt.UTC)
    assert last_at(dt.time(23, 30), now=NOW, zone=BERLIN) == dt.datetime(2026, 11, 19, 22, 30, tzinfo=dt.UTC)


def test_promised_is_the_next_time_the_clock_shows_it() -> None:
    assert next_at(dt.time(23, 30), now=NOW, zone=BERLIN) == dt.datetime(2026, 11, 20, 22, 30, tzinfo=dt.UTC)
    assert next_at(dt.time(0, 15), now=NOW, zone=BERLIN) == dt.datetime(2026, 11, 20, 23, 15, tzinfo=dt.UTC)


@given(st.times().map(lambda time: time.replace(second=0, microsecond=0, tzinfo=None)))
def test_last_and_next_lie_on_both_sides(time: dt.time) -> None:
    assert last_at(time, now=NOW, zone=BERLIN) <= NOW < next_at(time, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("name", "zone"),
    [("Europe/Berlin", BERLIN), ("", ZoneInfo("UTC")), ("Nowhere/Land", ZoneInfo("UTC")), ("..", ZoneInfo("UTC"))],
)
def test_a_zone_nobody_knows_is_utc(name: str, zone: ZoneInfo) -> None:
    assert zone_named(name) == zone
