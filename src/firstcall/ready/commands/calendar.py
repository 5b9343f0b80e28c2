"""Calendars out: addresses to follow. Calendars in: shifts that are kept somewhere else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.transport import Unreachable, check_url
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.ids import digest, new_token
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.queries.people import active_people
from firstcall.ready.calendars.read import Event, Unreadable, read_calendar
from firstcall.ready.commands.schedule import Layer, layers_of, set_schedule
from firstcall.ready.events import CALENDAR_ADDED, CALENDAR_LINK_ENDED, CALENDAR_LINK_MADE
from firstcall.ready.models.calendar_link import CalendarLink
from firstcall.ready.models.schedule import Calendar, CalendarShift, Schedule

BEHIND, AHEAD = dt.timedelta(days=14), dt.timedelta(days=120)
MOST_LINKS = 10


def make_link(*, user: User, schedule: Schedule | None, by: Actor, now: dt.datetime) -> str:
    """The secret of an address to follow, told this once. Raises Refused after ten living ones."""
    secret = new_token()
    with transaction.atomic():
        if user.calendar_links.filter(ended_at=None).count() >= MOST_LINKS:
            raise Refused(_("Ten addresses are enough: end one first."))
        link = CalendarLink.objects.create(user=user, schedule=schedule, digest=digest(secret), made_at=now)
        record(CALENDAR_LINK_MADE, by=by, now=now, subject=f"calendar_link:{link.pk}", what=_what(schedule))
    return secret


def _what(schedule: Schedule | None) -> str:
    return schedule.name if schedule else _("their own shifts")


def end_link(*, link: CalendarLink, by: Actor, now: dt.datetime) -> None:
    """It shows nothing any more. Ending it twice changes nothing."""
    with transaction.atomic():
        if CalendarLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now):
            record(CALENDAR_LINK_ENDED, by=by, now=now, subject=f"calendar_link:{link.pk}", what=_what(link.schedule))


def add_calendar(
    *, schedule: Schedule, name: str, by: Actor, now: dt.datetime, url: str = "", body: bytes | None = None
) -> Calendar:
    """A layer below the others whose shifts are a calendar's: read again each hour from `url`, or once from `body`.

    Raises Refused, and has added nothing.
    """
    name = name.strip()[:120]
    if not name:
        raise Refused(_("Give the calendar a name."), field="name")
    if not url and not body:
        raise Refused(_("Give an address or a file."), field="url")
    if url:
        try:
            check_url(url)
        except Unreachable as error:
            raise Refused(str(error), field="url") from None
    events = None if body is None else _events(schedule, body, now=now)
    with transaction.atomic():
        calendar = Calendar.objects.create(schedule=schedule, name=name, url=url)
        if events is not None:
            _store(calendar, events, active_people(), now=now)
        layer = Layer((), dt.time(0), now.date(), name=name, calendar=calendar)
        set_schedule(
            schedule=schedule, name=schedule.name, zone=schedule.zone, layers=[*layers_of(schedule), layer], by=by,
            now=now,
        )  # fmt: skip
        record(CALENDAR_ADDED, by=by, now=now, subject=f"schedule:{schedule.pk}", name=name, schedule=schedule.name)
    return calendar


def _events(schedule: Schedule, body: bytes, *, now: dt.datetime) -> list[Event]:
    try:
        return read_calendar(body, zone=ZoneInfo(schedule.zone), start=now - BEHIND, end=now + AHEAD)
    except Unreadable as why:
        raise Refused(why.sentence, field="file") from None


def keep_calendar(*, calendar: Calendar, body: bytes, now: dt.datetime) -> None:
    """What the calendar says now. One that can't be read leaves the shifts read before, and says why."""
    try:
        events = _events(calendar.schedule, body, now=now)
    except Refused as why:
        note_failure(calendar=calendar, why=why.sentence, now=now)
        return
    people = active_people()
    with transaction.atomic():
        calendar.shifts.all().delete()
        _store(calendar, events, people, now=now)


def note_failure(*, calendar: Calendar, why: str, now: dt.datetime) -> None:
    """It was asked in vain; what was read before still counts."""
    calendar.tried_at, calendar.error = now, why[:300]
    calendar.save(update_fields=["tried_at", "error"])


def _meant(event: Event, named: Mapping[str, User]) -> User | None:
    """Whom an event names, by an address, a name or the one name in its title; None: nobody, or several."""
    words = [word.casefold() for word in event.who]
    found = next((named[word] for word in words if word in named), None)
    if found is not None or not words:
        return found
    inside = {user.pk: user for name, user in named.items() if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words[-1])}
    return next(iter(inside.values())) if len(inside) == 1 else None


def _store(calendar: Calendar, events: Sequence[Event], people: Sequence[User], *, now: dt.datetime) -> None:
    named = {word.casefold(): user for user in people for word in (user.name, user.email)}
    rows, unknown = [], set()
    for event in events:
        user = _meant(event, named)
        if user is None:
            unknown.add(event.who[0] if event.who else _("an event without a title"))
        else:
            rows.append(CalendarShift(calendar=calendar, user=user, starts=event.starts, ends=event.ends))
    CalendarShift.objects.bulk_create(rows)
    calendar.read_at = calendar.tried_at = now
    calendar.error, calendar.unknown = "", sorted(unknown)[:50]
    calendar.save(update_fields=["read_at", "tried_at", "error", "unknown"])
