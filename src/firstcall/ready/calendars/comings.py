"""The events of a calendar, spelled out; a program of its own, so that none can hold anybody else up.

    python -m firstcall.ready.calendars.comings ZONE START END < calendar

Times without a zone are of ZONE; START and END are ISO 8601. Writes {"events": [[who, starts, ends]]}, or {"wrong": …}
with what the sentence about it needs. It has `SECONDS` of a processor and `MEMORY` bytes, then it is ended.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

SECONDS = 3
MEMORY = 1024**3
MOST_EVENTS = 5_000  # in the calendar, and in the window
OLDEST = 2000  # the year from which an event that comes back often may begin: all its comings are counted through
OFTEN = ("HOURLY", "DAILY")
TOO_OFTEN = ("SECONDLY", "MINUTELY")


class Wrong(Exception):
    """`facts` as they are written: at least "wrong"."""

    def __init__(self, wrong: str, **facts: Any) -> None:
        super().__init__(wrong)
        self.facts = {"wrong": wrong, **facts}


def comings(body: bytes, *, zone: dt.tzinfo, start: dt.datetime, end: dt.datetime) -> list[list[Any]]:
    """Who, from when, until when (ISO 8601 in UTC), for all that touches `start` to `end`. Raises Wrong."""
    try:
        calendar = icalendar.Calendar.from_ical(body)
    except Exception as error:  # the library raises many kinds for what is no calendar
        raise Wrong("no calendar", why=str(error)[:120]) from None
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise Wrong("many")
    for event in events:
        _check(event)
    try:
        found = recurring_ical_events.of(calendar, skip_bad_series=False).between(start, end)
        if len(found) > MOST_EVENTS:
            raise Wrong("crowded")
        shifts = [_shift(event, zone) for event in found if str(event.get("STATUS", "")).upper() != "CANCELLED"]
    except Wrong:
        raise
    except Exception as error:  # the same for a broken rule
        raise Wrong("broken", why=str(error)[:120]) from None
    return sorted((shift for shift in shifts if shift[2] > shift[1]), key=lambda shift: (shift[1], shift[2]))


def _title(event: Any) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())[:80]


def _check(event: Any) -> None:
    """Raise Wrong for an event of which it is clear beforehand that its comings take too long to count."""
    begins = event.get("DTSTART")
    if begins is None:
        raise Wrong("no beginning", title=_title(event))
    year = getattr(getattr(begins, "dt", None), "year", OLDEST)
    for rule in [*_each(event.get("RRULE", [])), *_each(event.get("EXRULE", []))]:
        often = {str(word).upper() for word in rule.get("FREQ", [])}
        if often & set(TOO_OFTEN) or {"BYSECOND", "BYMINUTE"} & {str(name).upper() for name in rule}:
            raise Wrong("often", title=_title(event))
        if any(step < 1 for step in rule.get("INTERVAL", [])):
            raise Wrong("interval", title=_title(event))
        if year < OLDEST and often & set(OFTEN):
            raise Wrong("old", title=_title(event), year=year)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _shift(event: Any, zone: dt.tzinfo) -> list[Any]:
    starts = event["DTSTART"].dt
    ends = event["DTEND"].dt if "DTEND" in event else starts + dt.timedelta(days=1)
    return [_who(event), _instant(starts, zone).isoformat(), _instant(ends, zone).isoformat()]


def _who(event: Any) -> list[str]:
    found = []
    for attendee in _each(event.get("ATTENDEE", [])):
        address = str(attendee)
        found.append(address[7:] if address.lower().startswith("mailto:") else address)
        found.append(str(attendee.params.get("CN", "")) if hasattr(attendee, "params") else "")
    return [" ".join(word.split())[:200] for word in [*found, _title(event)] if word.strip()]


def _instant(moment: dt.date, zone: dt.tzinfo) -> dt.datetime:
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(0))
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)


def main(zone: str, start: str, end: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    window = {"start": dt.datetime.fromisoformat(start), "end": dt.datetime.fromisoformat(end)}
    try:
        answer: dict[str, Any] = {"events": comings(sys.stdin.buffer.read(), zone=ZoneInfo(zone), **window)}
    except Wrong as wrong:
        answer = wrong.facts
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
