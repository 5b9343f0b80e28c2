"""Turns that come back at intervals, written as a calendar and read as a layer reads one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from firstcall.ready.calendars.read import read_calendar
from firstcall.ready.rules.schedule import Held

UNITS = {"hourly": "hours", "daily": "days", "weekly": "weeks", "monthly": "months"}


def event_facts(given: dict[str, Any], begin: dt.datetime, first: dt.datetime, at: dt.datetime) -> tuple[Held, ...]:
    """A user each turn, from `begin` on, but none before `first`; what lies within a year around `at`."""
    users, step = given["users"], given["interval"]
    length = dt.timedelta(seconds=given["duration_s"])
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//"]
    for number, user in enumerate(users):
        turn, moment = number, begin
        while (moment := begin + relativedelta(**{UNITS[given["frequency"]]: step * turn})) < first:
            turn += len(users)
        lines += [
            "BEGIN:VEVENT", f"UID:{user}", f"SUMMARY:{user}", f"DTSTART:{moment:%Y%m%dT%H%M%SZ}",
            f"DTEND:{moment + length:%Y%m%dT%H%M%SZ}",
            f"RRULE:FREQ={given['frequency'].upper()};INTERVAL={step * len(users)}", "END:VEVENT",
        ]  # fmt: skip
    body = "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
    day = dt.timedelta(days=1)
    found = read_calendar(body, zone=ZoneInfo("UTC"), start=at - 60 * day, end=at + 60 * day)
    return tuple(Held(users.index(event.who[-1]), event.starts, event.ends) for event in found)
