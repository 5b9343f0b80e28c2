"""Who is on call when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.clock import zones
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.confirmation import by_saving
from firstcall.ready.commands.origin import refuse_from_file
from firstcall.ready.events import (
    OVERRIDE_ADDED,
    OVERRIDE_REMOVED,
    SCHEDULE_CHANGED,
    SCHEDULE_MADE,
    SCHEDULE_REMOVED,
)
from firstcall.ready.models.path import EscalationStep
from firstcall.ready.models.schedule import Calendar, Override, Rotation, RotationMember, Schedule
from firstcall.ready.queries.oncall import stored, windows_of
from firstcall.ready.rules.window import Window


@dataclass(frozen=True, slots=True)
class Layer:
    """`members` take turns, handed over at the wall time `handover` of `zone` ('': the schedule's), from `starts` on.

    A turn lasts `length_days`, or `length_hours` when that is not 0. With `calendar` there are no members: its events
    are the shifts. `windows` are the hours in which the layer counts, none: always.
    """

    members: tuple[User, ...]
    handover: dt.time
    starts: dt.date
    length_days: int = 7
    length_hours: int = 0
    name: str = ""
    zone: str = ""
    until: dt.date | None = None
    windows: tuple[Window, ...] = ()
    calendar: Calendar | None = None


def set_schedule(
    *,
    name: str,
    zone: str,
    layers: Sequence[Layer],
    by: Actor,
    now: dt.datetime,
    schedule: Schedule | None = None,
    sample: bool = False,
    **known: Any,
) -> Schedule:
    """Make a schedule, or give `schedule` these layers, the first that has somebody wins; overrides stay.

    `known` are its `owner` and its `team`; what is not said of them stays. Raises Refused.
    """
    name = _checked(name, zone, layers)
    if known.keys() - {"owner", "team"}:
        raise ValueError(f"a schedule has no {', '.join(sorted(known))}")
    with transaction.atomic():
        if schedule is not None:
            refuse_from_file(schedule)
        if Schedule.objects.filter(name=name).exclude(pk=schedule.pk if schedule else 0).exists():
            raise Refused(_("There is a schedule of this name already."), field="name")
        kind = SCHEDULE_CHANGED if schedule else SCHEDULE_MADE
        row = schedule or Schedule(sample=sample)
        row.name, row.zone = name, zone
        for field, value in {**known, **by_saving(by=by, now=now)}.items():
            setattr(row, field, value)
        row.save()
        row.rotations.all().delete()
        for position, layer in enumerate(layers):
            _add_layer(row, position, layer)
        row.calendars.filter(rotations=None).delete()
        record(kind, by=by, now=now, subject=f"schedule:{row.pk}", name=row.name)
    return row


def _add_layer(schedule: Schedule, position: int, layer: Layer) -> None:
    rotation = Rotation.objects.create(
        schedule=schedule, position=position, name=layer.name.strip()[:120], zone=layer.zone,
        length_days=layer.length_days, length_hours=layer.length_hours, handover=layer.handover, starts=layer.starts,
        until=layer.until, windows=[stored(window) for window in layer.windows], calendar=layer.calendar,
    )  # fmt: skip
    RotationMember.objects.bulk_create(
        [RotationMember(rotation=rotation, order=order, user=user) for order, user in enumerate(layer.members)]
    )


def _checked(name: str, zone: str, layers: Sequence[Layer]) -> str:
    """The name as it is kept."""
    if not name.strip():
        raise Refused(_("Give the schedule a name."), field="name")
    if not layers:
        raise Refused(_("Choose who takes turns."), field="members")
    if zone not in zones():
        raise Refused(_("Choose a time zone from the list, such as Europe/Berlin."), field="zone")
    for layer in layers:
        if not layer.members and layer.calendar is None:
            raise Refused(_("Choose who takes turns."), field="members")
        if not 1 <= layer.length_days <= 365:
            raise Refused(_("A turn lasts from 1 to 365 days."), field="length_days")
        if not 0 <= layer.length_hours <= 8760:
            raise Refused(_("A turn lasts at most 8,760 hours, which is a year."), field="length_hours")
        if layer.zone and layer.zone not in zones():
            raise Refused(_("Choose a time zone from the list, such as Europe/Berlin."), field="zone")
        if not dt.date(2000, 1, 1) <= layer.starts <= dt.date(2200, 1, 1):
            raise Refused(_("Choose a first day between 2000 and 2200."), field="starts")
        if layer.until is not None and layer.until <= layer.starts:
            raise Refused(_("It must end after it begins."), field="until")
        if any(not window.days for window in layer.windows):
            raise Refused(_("Choose the days on which it counts."), field="days")
    return name.strip()[:120]


def remove_schedule(*, schedule: Schedule, by: Actor, now: dt.datetime) -> None:
    """It is there no more. Raises Refused while a path pages it."""
    with transaction.atomic():
        refuse_from_file(schedule)
        used = EscalationStep.objects.filter(schedule=schedule).select_related("path").first()
        if used is not None:
            raise Refused(_("{path} pages it: change the path first.").format(path=used.path.name))
        record(SCHEDULE_REMOVED, by=by, now=now, subject=f"schedule:{schedule.pk}", name=schedule.name)
        schedule.delete()


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


def remove_override(*, override: Override, by: Actor, now: dt.datetime) -> None:
    """The rotation counts again. Raises Refused for one that is over: what was is not changed."""
    if override.ends <= now:
        raise Refused(_("That is over already."))
    with transaction.atomic():
        record(
            OVERRIDE_REMOVED, by=by, now=now, subject=f"schedule:{override.schedule_id}", name=override.user.name,
            schedule=override.schedule.name,
        )  # fmt: skip
        if override.starts < now:
            override.ends = now
            override.save(update_fields=["ends"])
        else:
            override.delete()


def layers_of(schedule: Schedule) -> list[Layer]:
    """The layers as `set_schedule` takes them. Four statements."""
    rows = schedule.rotations.select_related("calendar").prefetch_related("members__user")
    return [
        Layer(
            members=tuple(member.user for member in row.members.all()), handover=row.handover, starts=row.starts,
            length_days=row.length_days, length_hours=row.length_hours, name=row.name, zone=row.zone, until=row.until,
            windows=windows_of(row.windows), calendar=row.calendar,
        )
        for row in rows
    ]  # fmt: skip
