"""Calendars: which are to be read again, and what an address shows."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from firstcall.kernel.ids import digest
from firstcall.people.models.user import User
from firstcall.ready.calendars.write import Entry
from firstcall.ready.models.calendar_link import CalendarLink
from firstcall.ready.models.schedule import Calendar
from firstcall.ready.queries.oncall import all_plans, plan_of

EVERY = dt.timedelta(hours=1)
MOST = 20
BEHIND, AHEAD = dt.timedelta(days=14), dt.timedelta(days=90)


def calendars_due(*, now: dt.datetime) -> list[Calendar]:
    """Those with an address that were not asked within an hour, the longest waiting first. One statement."""
    due = Q(tried_at=None) | Q(tried_at__lte=now - EVERY)
    rows = Calendar.objects.select_related("schedule").filter(due).exclude(url="")
    return list(rows.order_by("tried_at", "id")[:MOST])


def link_of(secret: str) -> CalendarLink | None:
    """The living address of a living account, or None. One statement."""
    rows = CalendarLink.objects.select_related("user", "schedule")
    return rows.filter(digest=digest(secret), ended_at=None, user__is_active=True).first()


def entries_of(link: CalendarLink, *, now: dt.datetime) -> list[Entry]:
    """The shifts an address shows: two weeks behind, 90 days ahead, the same all day. Eight statements at most."""
    found = []
    today = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for plan in all_plans() if link.schedule is None else [plan_of(link.schedule)]:
        for held in plan.shifts(start=today - BEHIND, end=today + AHEAD):
            user: User | None = plan.people.get(held.user or 0)
            if user is None or (link.schedule is None and user.pk != link.user_id):
                continue
            title = _("On call: {schedule}") if link.schedule is None else _("{name}: {schedule}")
            found.append(
                Entry(
                    key=f"shift-{plan.schedule.pk}-{user.pk}-{held.ends:%Y%m%dT%H%M}@firstcall",
                    title=title.format(schedule=plan.schedule.name, name=user.name),
                    starts=held.starts, ends=held.ends, link=f"{settings.BASE_URL}/oncall/{plan.schedule.pk}/",
                )
            )  # fmt: skip
    return found
