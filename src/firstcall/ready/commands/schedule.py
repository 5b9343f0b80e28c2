"""Who is on call when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.events import OVERRIDE_ADDED, SCHEDULE_CHANGED, SCHEDULE_MADE
from firstcall.ready.models.schedule import Override, Rotation, RotationMember, Schedule


def _checked(name: str, members: Sequence[User], length_days: int, zone: str) -> str:
    """The name as it is kept."""
    if not name.strip():
        raise Refused(_("Give the schedule a name."), field="name")
    if not members:
        raise Refused(_("Choose who takes turns."), field="members")
    if not 1 <= length_days <= 365:
        raise Refused(_("A turn lasts from 1 to 365 days."), field="length_days")
    if zone not in available_timezones():
        raise Refused(_("Choose a time zone from the list, such as Europe/Berlin."), field="zone")
    return name.strip()[:120]


def make_schedule(
    *,
    name: str,
    zone: str,
    members: Sequence[User],
    length_days: int,
    handover: dt.time,
    starts: dt.date,
    by: Actor,
    now: dt.datetime,
    sample: bool = False,
) -> Schedule:
    """A schedule with one rotation: `members` take turns, handed over at the wall time `handover` of `zone`."""
    name = _checked(name, members, length_days, zone)
    with transaction.atomic():
        if Schedule.objects.filter(name=name).exists():
            raise Refused(_("There is a schedule of this name already."), field="name")
        schedule = Schedule.objects.create(name=name, zone=zone, sample=sample)
        _set_rotation(schedule, members, length_days, handover, starts)
        record(SCHEDULE_MADE, by=by, now=now, subject=f"schedule:{schedule.pk}", name=schedule.name)
    return schedule


def change_schedule(
    *,
    schedule: Schedule,
    name: str,
    zone: str,
    members: Sequence[User],
    length_days: int,
    handover: dt.time,
    starts: dt.date,
    by: Actor,
    now: dt.datetime,
) -> Schedule:
    """A new rotation in place of the old; overrides stay. Raises Refused."""
    name = _checked(name, members, length_days, zone)
    with transaction.atomic():
        if Schedule.objects.filter(name=name).exclude(pk=schedule.pk).exists():
            raise Refused(_("There is a schedule of this name already."), field="name")
        schedule.name, schedule.zone = name, zone
        schedule.save(update_fields=["name", "zone"])
        schedule.rotations.all().delete()
        _set_rotation(schedule, members, length_days, handover, starts)
        record(SCHEDULE_CHANGED, by=by, now=now, subject=f"schedule:{schedule.pk}", name=schedule.name)
    return schedule


def _set_rotation(
    schedule: Schedule, members: Sequence[User], length_days: int, handover: dt.time, starts: dt.date
) -> None:
    rotation = Rotation.objects.create(schedule=schedule, length_days=length_days, handover=handover, starts=starts)
    RotationMember.objects.bulk_create(
        [RotationMember(rotation=rotation, order=order, user=user) for order, user in enumerate(members)]
    )


def add_override(
    *, schedule: Schedule, user: User, starts: dt.datetime, ends: dt.datetime, by: Actor, now: dt.datetime
) -> Override:
    """Somebody takes over for a while. Raises Refused when it ends before it begins, or is over already."""
    if ends <= starts:
        raise Refused(_("It must end after it begins."), field="ends")
    if ends <= now:
        raise Refused(_("That is over already."), field="ends")
    if ends - starts > dt.timedelta(days=92):
        raise Refused(_("Three months at most: change the rotation instead."), field="ends")
    with transaction.atomic():
        row = Override.objects.create(schedule=schedule, user=user, starts=starts, ends=ends)
        record(
            OVERRIDE_ADDED, by=by, now=now, subject=f"schedule:{schedule.pk}", name=user.name, schedule=schedule.name
        )
    return row
