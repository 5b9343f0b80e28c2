"""Who is on call, over the API: now, at an instant, and for the coming days."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema

from firstcall.kernel import clock
from firstcall.kernel.refusal import Refused
from firstcall.people.api.caller import Needs
from firstcall.people.api.shapes import Moment, Person
from firstcall.ready.queries.oncall import all_plans

router = Router(tags=["ready"])
MOST_DAYS = 92


class OnCall(Schema):
    """Who holds a schedule at the instant asked for (null: nobody), and when that changes within 60 days."""

    schedule: str
    zone: str
    now: Person | None
    next: Person | None
    next_at: Moment | None


class Shift(Schema):
    """Somebody (null: nobody) holds from `starts` until before `ends`, cut at the ends of what was asked for."""

    schedule: str
    person: Person | None
    starts: Moment
    ends: Moment


def _instant(at: dt.datetime | None) -> dt.datetime:
    """`at`, or now. Raises Refused for one beyond what schedules know."""
    if at is not None and not 2000 <= at.year <= 2200:
        raise Refused(_("Ask for an instant between the years 2000 and 2200."), field="at")
    return at or clock.now()


@router.get("/oncall", response=list[OnCall], auth=Needs("read"), summary="Who is on call now, or `at` an instant")
def oncall(request: HttpRequest, at: Moment | None = None) -> list[dict[str, Any]]:
    instant = _instant(at)
    found = []
    for plan in all_plans():
        coming = plan.next(at=instant)
        found.append(
            {
                "schedule": plan.schedule.name,
                "zone": plan.schedule.zone,
                "now": plan.holder(at=instant),
                "next": None if coming is None or coming.user is None else plan.people[coming.user],
                "next_at": None if coming is None else coming.starts,
            }
        )
    return found


@router.get(
    "/oncall/shifts", response=list[Shift], auth=Needs("read"),
    summary="All shifts, and who is missing, for `days` (14) from now or `at`",
)  # fmt: skip
def oncall_shifts(request: HttpRequest, at: Moment | None = None, days: int = 14) -> list[dict[str, Any]]:
    start = _instant(at)
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("Ask for 1 to 92 days."), field="days")
    return [
        {
            "schedule": plan.schedule.name,
            "person": None if held.user is None else plan.people[held.user],
            "starts": held.starts,
            "ends": held.ends,
        }
        for plan in all_plans()
        for held in plan.shifts(start=start, end=start + dt.timedelta(days=days))
    ]
