"""Wall times that come back every week: when a layer counts, when people may be asked, when releases may happen.

One policy for clock changes, for everything: a wall time that does not exist that day stands for the first instant that
does; one that comes twice stands for its first coming.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)
EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class Window:
    """On each of `days` (ISO weekdays, 1 is Monday) from `starts` until before `ends`.

    With `ends` no later than `starts` it goes on into the next day; equal ends make a whole day.
    """

    days: frozenset[int]
    starts: dt.time
    ends: dt.time


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant until before another, in UTC."""

    starts: dt.datetime
    ends: dt.datetime


def instant_of(day: dt.date, wall: dt.time, zone: str) -> dt.datetime:
    """The instant of a wall time, in UTC, by the policy above."""
    local = dt.datetime.combine(day, wall, tzinfo=ZoneInfo(zone))  # fold=0: the first of two comings
    instant = local.astimezone(dt.UTC)
    if instant.astimezone(local.tzinfo).replace(fold=0) == local:
        return instant
    return _end_of_gap(instant, ZoneInfo(zone))


def _end_of_gap(instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The transition near `instant`: the first instant that has a wall time again."""
    low, high = instant - DAY, instant + DAY
    before = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def spans(windows: tuple[Window, ...], zone: str, *, start: dt.datetime, end: dt.datetime) -> Iterator[Span]:
    """Every coming of these windows that touches `start` to `end`, day by day, without what a clock change swallows."""
    day, last = start.astimezone(ZoneInfo(zone)).date() - DAY, end.astimezone(ZoneInfo(zone)).date()
    while day <= last:
        for window in windows:
            if day.isoweekday() in window.days:
                until = day if window.ends > window.starts else day + DAY
                span = Span(instant_of(day, window.starts, zone), instant_of(until, window.ends, zone))
                if span.starts < span.ends and span.starts < end and span.ends > start:
                    yield span
        day += DAY


def is_within(windows: tuple[Window, ...], zone: str, *, at: dt.datetime) -> bool:
    """Whether an instant lies in one of them. No windows: always."""
    if not windows:
        return True
    return any(
        span.starts <= at < span.ends for span in spans(windows, zone, start=at, end=at + dt.timedelta.resolution)
    )
