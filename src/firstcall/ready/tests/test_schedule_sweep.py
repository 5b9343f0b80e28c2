"""Every clock change of every zone from 2020 to 2040, minute by minute: no gap, no overlap, no wrong holder.

The reckoning walks a plain clock and shares nothing with the rule: a day's handover has come as soon as the wall clock
has shown its time on that day or a later one, and what has come does not go back when the clock does.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from firstcall.ready.rules.schedule import RotationFacts, shifts
from firstcall.ready.rules.window import Window

FIRST, LAST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2041, 1, 1, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
STEP = 5 * DAY  # no zone changes twice within it
AROUND = 2 * DAY
TEAM = (1, 2, 3)
BEGINS = dt.date(2019, 12, 2)
# On the full hour, in the middle of where clocks jump, at midnight, and in the daytime.
HANDOVERS = (dt.time(0), dt.time(2, 30), dt.time(9))
NIGHT = Window(frozenset({5, 6, 7}), dt.time(22), dt.time(6))


@cache
def clock_changes(zone: str) -> tuple[tuple[dt.datetime, dt.timedelta | None, dt.timedelta | None], ...]:
    """Each change of a zone's offset: the first minute of the new one, the offset before, the offset after."""
    where, found, at = ZoneInfo(zone), [], FIRST
    offset = at.astimezone(where).utcoffset()
    while at < LAST:
        after = (at + STEP).astimezone(where).utcoffset()
        if after != offset:
            steps = STEP // MINUTE
            minute = bisect_left(
                range(steps), 1, key=lambda n: (at + n * MINUTE).astimezone(where).utcoffset() == after
            )
            found.append((at + minute * MINUTE, offset, after))
            offset = after
        at += STEP
    return tuple(found)


def windows_to_walk() -> Iterator[tuple[str, dt.datetime]]:
    """One zone for each change that is different from all others: where clocks go alike, they are walked once."""
    seen = set()
    for zone in sorted(available_timezones() - {"localtime"}):
        changes = clock_changes(zone)
        for change in changes:
            near = tuple(other for other in changes if abs(other[0] - change[0]) <= 2 * AROUND)
            if near not in seen:
                seen.add(near)
                yield zone, change[0]


def walked(wall: list[dt.datetime], handover: dt.time, length: int) -> list[int]:
    """Whose minute each is, by looking at a clock on the wall."""
    passed, holders, shown = dt.date.min, [], handover.hour * 60 + handover.minute
    for local in wall:
        today = local.date() if local.hour * 60 + local.minute >= shown else local.date() - DAY
        if today > passed:
            passed = today
        holders.append(TEAM[(passed - BEGINS).days // length % 3])
    return holders


def told(rotation: RotationFacts, start: dt.datetime, minutes: int) -> list[int | None]:
    """The same by the rule; that shifts touch and never overlap is checked on the way."""
    holders: list[int | None] = []
    at = start
    for shift in shifts([rotation], [], start=start, end=start + minutes * MINUTE):
        assert shift.starts == at
        assert shift.ends > at
        holders += [shift.user] * ((shift.ends - shift.starts) // MINUTE)
        at = shift.ends
    return holders


def test_no_zone_has_a_gap_an_overlap_or_a_wrong_holder() -> None:
    wrong, changes = [], 0
    for zone, change in windows_to_walk():
        changes += 1
        start, minutes = change - AROUND, 2 * AROUND // MINUTE
        where = ZoneInfo(zone)
        wall = [(start + n * MINUTE).astimezone(where) for n in range(minutes)]
        length = 1 if changes % 4 else 7
        handover = HANDOVERS[changes % len(HANDOVERS)]
        rotation = RotationFacts(TEAM, length, handover, BEGINS, zone)
        if told(rotation, start, minutes) != walked(wall, handover, length):
            wrong.append((zone, change.isoformat(), handover))
    assert wrong == []
    assert changes > 500


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Antarctica/Troll"]
)
def test_restricted_hours_begin_and_end_by_the_clock_on_the_wall(zone: str) -> None:
    """Friday to Sunday nights, 22:00 to 06:00, and a second layer for all other hours."""
    where = ZoneInfo(zone)
    nights = RotationFacts((9,), 1, dt.time(0), BEGINS, zone, windows=(NIGHT,))
    rest = RotationFacts((1,), 1, dt.time(0), BEGINS, zone)
    for change, _before, _after in clock_changes(zone)[:12]:
        start = change - AROUND
        at, wrong = start, []
        for shift in shifts([nights, rest], [], start=start, end=change + AROUND):
            assert shift.starts == at
            at = shift.ends
            for n in range((shift.ends - shift.starts) // MINUTE):
                local = (shift.starts + n * MINUTE).astimezone(where)
                evening = local.isoweekday() in NIGHT.days and local.time() >= NIGHT.starts
                morning = (local - DAY).isoweekday() in NIGHT.days and local.time() < NIGHT.ends
                if (shift.user == 9) != (evening or morning):
                    wrong.append(local.isoformat())
        assert wrong == []
        assert at == change + AROUND


def test_hours_are_counted_on_a_stopwatch() -> None:
    """Turns of twelve hours through the night in which Berlin's clocks go back: each lasts twelve hours."""
    rotation = RotationFacts((1, 2), 1, dt.time(8), dt.date(2026, 10, 23), "Europe/Berlin", length_hours=12)
    held = shifts(
        [rotation], [], start=dt.datetime(2026, 10, 23, 6, tzinfo=dt.UTC), end=dt.datetime(2026, 10, 27, tzinfo=dt.UTC)
    )
    assert {shift.ends - shift.starts for shift in held[:-1]} == {12 * HOUR}
    assert [shift.user for shift in held][:4] == [1, 2, 1, 2]
