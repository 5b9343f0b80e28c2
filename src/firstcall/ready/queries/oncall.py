"""Who is on call: one reckoning for pages, screens, feeds and the dry run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from firstcall.people.models.user import User
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.rules.schedule import Held, OverrideFacts, RotationFacts, holder, shifts

LOOK_AHEAD = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule's rotations and overrides as facts."""

    rotations: tuple[RotationFacts, ...]
    overrides: tuple[OverrideFacts, ...]


def plan_of(schedule: Schedule) -> Plan:
    """The facts of a schedule. Three statements; members who left are passed over."""
    rotations = tuple(
        RotationFacts(
            members=tuple(member.user_id for member in rotation.members.all() if member.user.is_active),
            length_days=rotation.length_days,
            handover=rotation.handover,
            starts=rotation.starts,
            zone=schedule.zone,
        )
        for rotation in schedule.rotations.prefetch_related("members__user")
    )
    overrides = tuple(
        OverrideFacts(override.pk, override.user_id, override.starts, override.ends)
        for override in schedule.overrides.filter(user__is_active=True)
    )
    return Plan(rotations, overrides)


def who_is_on_call(schedule: Schedule, *, at: dt.datetime) -> User | None:
    """The person on call at an instant, or None when nobody is. Five statements at most."""
    plan = plan_of(schedule)
    number = holder(plan.rotations, plan.overrides, at=at)
    return None if number is None else User.objects.filter(pk=number, is_active=True).first()


def next_on_call(schedule: Schedule, *, at: dt.datetime) -> Held | None:
    """The next shift of another person within 60 days, or None."""
    plan = plan_of(schedule)
    coming = shifts(plan.rotations, plan.overrides, start=at, end=at + LOOK_AHEAD)
    return coming[1] if len(coming) > 1 else None


def shifts_of(schedule: Schedule, *, start: dt.datetime, end: dt.datetime) -> list[Held]:
    """Who holds from `start` until `end`, gaps said as nobody."""
    plan = plan_of(schedule)
    return shifts(plan.rotations, plan.overrides, start=start, end=end)


def on_call_now(*, at: dt.datetime) -> list[User]:
    """Everybody who is on call at an instant, each once, in the order of the schedules."""
    found: dict[int, User] = {}
    for schedule in Schedule.objects.all():
        user = who_is_on_call(schedule, at=at)
        if user is not None:
            found.setdefault(user.pk, user)
    return list(found.values())
