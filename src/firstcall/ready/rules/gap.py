"""Hours in which something is missing: named by their weekdays where they come back every week, else by their date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

WEEK = dt.timedelta(days=7)
SHORT = dt.timedelta(minutes=1)  # what is no longer is none

Missing = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Gap:
    """Missing from `starts` until before `ends` (None: as far as was looked), instants in UTC.

    `days` are the ISO weekdays on which it begins when it comes back each week, by the same clock on the wall: then
    `starts` and `ends` are those of its next coming, and it has no end of its own. None: once.
    """

    starts: dt.datetime
    ends: dt.datetime | None
    days: tuple[int, ...] = ()


def looked_at(now: dt.datetime) -> Missing:
    """From when until when one has to look, so that what begins within a week can be known to come back."""
    return now - WEEK, now + 3 * WEEK


def gaps_of(missing: Sequence[Missing], *, now: dt.datetime, zone: ZoneInfo) -> tuple[Gap, ...]:
    """What is missing now or begins within a week. `missing` is all of it within `looked_at`, in order of time.

    What comes back at the same hours on several days is one gap. `zone` is that of the clock on the wall.
    """
    start, end = looked_at(now)
    walls = {(_wall(begin, zone), _wall(until, zone)) for begin, until in missing}
    weekly: dict[tuple[dt.time, dt.time, int], list[Missing]] = {}
    found: list[Gap] = []
    for begin, until in missing:
        if until <= now or begin >= now + WEEK or until - begin <= SHORT:
            continue
        if until >= end:
            found.append(Gap(start if begin <= start else begin, None))
            continue
        first, last = _wall(begin, zone), _wall(until, zone)
        if (first + WEEK, last + WEEK) in walls:
            weekly.setdefault((first.time(), last.time(), (last.date() - first.date()).days), []).append((begin, until))
        else:
            found.append(Gap(begin, until))
    for spans in weekly.values():
        days = {begin.astimezone(zone).isoweekday() for begin, _until in spans}
        found.append(Gap(spans[0][0], spans[0][1], tuple(sorted(days))))
    return tuple(sorted(found, key=lambda gap: gap.starts))


def _wall(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The wall time, naive: a week later by the clock on the wall is a week later here."""
    return at.astimezone(zone).replace(tzinfo=None)


def key_of(gap: Gap, *, zone: ZoneInfo) -> str:
    """The same from one day to the next: 'any' hour, 'w67-0200-0600' each Saturday and Sunday, else when it ends."""
    if gap.ends is None:
        return "any"
    if not gap.days:
        # One that is under way begins anew with every look, so it is named by its end.
        return f"{gap.ends:%Y-%m-%dT%H:%M}"
    first, last = gap.starts.astimezone(zone), gap.ends.astimezone(zone)
    return f"w{''.join(map(str, gap.days))}-{first:%H%M}-{last:%H%M}"
