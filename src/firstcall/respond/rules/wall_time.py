"""A time as people say it ('22:54') turned into an instant. Zones are IANA zones; instants are aware UTC."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SAID = re.compile(r"^\s*(\d{1,2})[:.h ]?(\d{2})?\s*$")


def zone_named(name: str) -> ZoneInfo:
    """The zone of this name; UTC for one nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def parse_time(text: str) -> dt.time | None:
    """'22:54', '22.54', '2254', '9' as a wall time; None when it is none."""
    digits = text.strip()
    if re.fullmatch(r"\d{3,4}", digits):
        digits = f"{digits[:-2]}:{digits[-2:]}"
    found = _SAID.match(digits)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        return None
    return dt.time(hour, minute)


def _near(time: dt.time, *, now: dt.datetime, zone: ZoneInfo) -> list[dt.datetime]:
    today = now.astimezone(zone).date()
    days = [today + dt.timedelta(days=n) for n in (-1, 0, 1)]
    return [dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC) for day in days]


def last_at(time: dt.time, *, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The last time a clock in `zone` showed `time`, at or before `now`."""
    return max(at for at in _near(time, now=now, zone=zone) if at <= now)


def next_at(time: dt.time, *, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The next time a clock in `zone` shows `time`, after `now`."""
    return min(at for at in _near(time, now=now, zone=zone) if at > now)


def coming_fives(now: dt.datetime) -> tuple[dt.datetime, dt.datetime, dt.datetime]:
    """Three round times to promise: in about a quarter, half and three quarters of an hour, on five minutes."""
    base = now.replace(second=0, microsecond=0)
    base += dt.timedelta(minutes=-base.minute % 5)
    return (
        base + dt.timedelta(minutes=15),
        base + dt.timedelta(minutes=30),
        base + dt.timedelta(minutes=45),
    )
