"""Shifts as a calendar that any programme can follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import icalendar

REFRESH = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One shift. `key` stays the same from one reading to the next, so that programmes move it instead of doubling."""

    key: str
    title: str
    starts: dt.datetime
    ends: dt.datetime
    link: str


def calendar_of(name: str, entries: Iterable[Entry], *, now: dt.datetime) -> bytes:
    """The whole feed (RFC 5545, with the hints of RFC 7986)."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Firstcall//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", entry.key)
        event.add("dtstamp", now)
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.ends)
        event.add("summary", entry.title)
        event.add("url", entry.link)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
