"""Until when somebody is left to sleep."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstcall.ready.rules.quiet import Quiet, quiet_until

BERLIN = "Europe/Berlin"
NIGHT = Quiet(dt.time(22), dt.time(7), BERLIN)
NOON = Quiet(dt.time(12), dt.time(13, 30), BERLIN)


def at(text: str) -> dt.datetime:
    """A wall time in Berlin."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("quiet", "moment", "until"),
    [
        (NIGHT, "2026-11-20 21:59", None),
        (NIGHT, "2026-11-20 22:00", "2026-11-21 07:00"),
        (NIGHT, "2026-11-21 00:30", "2026-11-21 07:00"),
        (NIGHT, "2026-11-21 06:59", "2026-11-21 07:00"),
        (NIGHT, "2026-11-21 07:00", None),
        (NOON, "2026-11-21 12:10", "2026-11-21 13:30"),
        (NOON, "2026-11-21 13:30", None),
        # The nights in which the clocks change: seven is seven by the clock on the wall.
        (NIGHT, "2026-03-29 01:30", "2026-03-29 07:00"),
        (NIGHT, "2026-10-25 01:30", "2026-10-25 07:00"),
        (None, "2026-11-21 00:30", None),
    ],
)
def test_quiet_until(quiet: Quiet | None, moment: str, until: str | None) -> None:
    wanted = None if until is None else at(until)
    assert quiet_until(quiet, breaks=False, at=at(moment)) == wanted
    assert quiet_until(quiet, breaks=True, at=at(moment)) is None


def test_the_hours_are_those_of_the_person() -> None:
    tokyo = Quiet(dt.time(22), dt.time(7), "Asia/Tokyo")
    assert quiet_until(tokyo, breaks=False, at=at("2026-11-20 20:00")) == at("2026-11-20 23:00")


@given(
    st.times(), st.integers(1, 12 * 60), st.integers(0, 3 * 366 * 24 * 60),
    st.sampled_from([BERLIN, "Asia/Tokyo", "America/St_Johns", "Australia/Lord_Howe"]),
)  # fmt: skip
def test_who_is_quiet_is_so_for_a_bounded_time_and_not_after(
    starts: dt.time, minutes: int, moment: int, zone: str
) -> None:
    starts = starts.replace(second=0, microsecond=0)
    ends = (dt.datetime.combine(dt.date(2000, 1, 1), starts) + dt.timedelta(minutes=minutes)).time()
    quiet, now = Quiet(starts, ends, zone), dt.datetime(2025, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=moment)
    until = quiet_until(quiet, breaks=False, at=now)
    if until is not None:
        assert now < until <= now + dt.timedelta(minutes=minutes + 60)  # an hour more when the clocks go back
        assert quiet_until(quiet, breaks=False, at=until) is None
