"""A calendar of somebody else as shifts: bounded in size, in time, and in how often an event may come back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import icalendar
import recurring_ical_events
from django.utils.translation import gettext as _

MOST_BYTES = 5 * 1024 * 1024
MOST_EVENTS = 5_000  # in the calendar, and in the window
OLDEST = 2000  # the year from which an event that comes back often may begin: all its comings are counted through
OFTEN = ("HOURLY", "DAILY")
TOO_OFTEN = ("SECONDLY", "MINUTELY")


class Unreadable(Exception):
    """The sentence says what is wrong with the calendar, and where."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Event:
    """One shift: mail addresses and names it gives, the best first, from an instant until before another, in UTC."""

    who: tuple[str, ...]
    starts: dt.datetime
    ends: dt.datetime


def read_calendar(body: bytes, *, zone: dt.tzinfo, start: dt.datetime, end: dt.datetime) -> list[Event]:
    """The events that touch `start` to `end`, by their beginnings. Times without a zone are of `zone`.

    Raises Unreadable.
    """
    if len(body) > MOST_BYTES:
        raise Unreadable(_("The calendar is larger than 5 MB."))
    try:
        calendar = icalendar.Calendar.from_ical(body)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(_("This is no calendar we can read: {why}").format(why=str(error)[:120])) from None
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        raise Unreadable(_("The calendar has more than 5,000 events."))
    for event in events:
        _check(event)
    try:
        found = recurring_ical_events.of(calendar, skip_bad_series=False).between(start, end)
    except Exception as error:  # the library raises many kinds for a broken rule; each is the calendar's fault
        raise Unreadable(_("An event can't be read: {why}").format(why=str(error)[:120])) from None
    if len(found) > MOST_EVENTS:
        raise Unreadable(_("More than 5,000 events lie in four months: these are no shifts."))
    shifts = [_event(event, zone) for event in found]
    return sorted((shift for shift in shifts if shift.ends > shift.starts), key=lambda one: (one.starts, one.ends))


def _title(event: Any) -> str:
    return str(event.get("SUMMARY", "") or _("without a title"))[:80]


def _check(event: Any) -> None:
    """Raise Unreadable for an event whose comings can't be counted in reasonable time."""
    rules = event.get("RRULE")
    if rules is None:
        return
    begins = event.get("DTSTART")
    year = getattr(getattr(begins, "dt", None), "year", OLDEST)
    for rule in rules if isinstance(rules, list) else [rules]:
        often = {str(word).upper() for word in rule.get("FREQ", [])}
        if often & set(TOO_OFTEN) or {"BYSECOND", "BYMINUTE"} & set(rule):
            raise Unreadable(
                _("‘{title}’ comes back every minute or more often: that is no shift.").format(title=_title(event))
            )
        if year < OLDEST and often & set(OFTEN):
            raise Unreadable(
                _("‘{title}’ has come back since the year {year}: let it begin in 2000 or later.").format(
                    title=_title(event), year=year
                )
            )


def _event(event: Any, zone: dt.tzinfo) -> Event:
    starts = _instant(event["DTSTART"].dt, zone)
    ends = _instant(event["DTEND"].dt, zone) if "DTEND" in event else starts + dt.timedelta(days=1)
    return Event(tuple(_who(event)), starts, ends)


def _who(event: Any) -> list[str]:
    attendees = event.get("ATTENDEE", [])
    found = []
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        address = str(attendee)
        found.append(address[7:] if address.lower().startswith("mailto:") else address)
        found.append(str(attendee.params.get("CN", "")) if hasattr(attendee, "params") else "")
    return [" ".join(word.split())[:200] for word in [*found, _title(event)] if word.strip()]


def _instant(moment: dt.date, zone: dt.tzinfo) -> dt.datetime:
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(0))
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)
