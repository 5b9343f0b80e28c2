"""Reads other people's calendars again, each at most once an hour, patiently."""

from __future__ import annotations

import datetime as dt
from functools import cache

from firstcall.deliver.kinds import manages
from firstcall.deliver.transport import Transport, Unreachable
from firstcall.ready.calendars.read import MOST_BYTES
from firstcall.ready.commands.calendar import keep_calendar, note_failure
from firstcall.ready.queries.calendar import calendars_due


@cache
def _door() -> Transport:
    return Transport(connections=2)


@manages("ready.calendars", lane="feeds", every=60.0, rest=30.0)
def read_due(*, now: dt.datetime) -> int:
    """Ask those whose hour is over; 0, for there is never more at once."""
    for calendar in calendars_due(now=now):
        try:
            answer = _door().ask("GET", calendar.url, headers={"user-agent": "Firstcall"}, limit=MOST_BYTES + 1)
        except Unreachable as error:
            note_failure(calendar=calendar, why=str(error), now=now)
            continue
        if answer.status == 200:
            keep_calendar(calendar=calendar, body=answer.body, now=now)
        else:
            note_failure(calendar=calendar, why=f"The address answered {answer.status}.", now=now)
    return 0
