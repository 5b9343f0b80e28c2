"""Who is on call: one reckoning for pages, screens, feeds and the dry run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from firstcall.people.models.user import User
from firstcall.ready.models.schedule import Rotation, Schedule
from firstcall.ready.rules.schedule import Held, OverrideFacts, RotationFacts, holder, shifts
from firstcall.ready.rules.window import Window

LOOK_AHEAD = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule's rotations and overrides as facts, and the people in them. Members who left are passed over."""

    schedule: Schedule
    rotations: tuple[RotationFacts, ...]
    overrides: tuple[OverrideFacts, ...]
    people: Mapping[int, User]

    def holder(self, *, at: dt.datetime) -> User | None:
        """The person on call at an instant, or None when nobody is."""
        number = holder(self.rotations, self.overrides, at=at)
        return None if number is None else self.people[number]

    def next(self, *, at: dt.datetime) -> Held | None:
        """The next shift of another person within 60 days, or None."""
        coming = self.shifts(start=at, end=at + LOOK_AHEAD)
        return coming[1] if len(coming) > 1 else None

    def shifts(self, *, start: dt.datetime, end: dt.datetime) -> list[Held]:
        """Who holds from `start` until `end`, gaps said as nobody."""
        return shifts(self.rotations, self.overrides, start=start, end=end)


def stored(window: Window) -> dict[str, str]:
    """A window as its row keeps it."""
    days = "".join(str(day) for day in sorted(window.days))
    return {"days": days, "from": f"{window.starts:%H:%M}", "to": f"{window.ends:%H:%M}"}


def windows_of(rows: Iterable[Mapping[str, str]]) -> tuple[Window, ...]:
    """What `stored` wrote."""
    return tuple(
        Window(frozenset(map(int, row["days"])), dt.time.fromisoformat(row["from"]), dt.time.fromisoformat(row["to"]))
        for row in rows
    )


def _loaded() -> QuerySet[Schedule]:
    return Schedule.objects.select_related("owner").prefetch_related(
        "rotations__members__user", "rotations__calendar__shifts__user", "overrides__user"
    )


def _facts(rotation: Rotation, zone: str, people: Mapping[int, User]) -> RotationFacts:
    calendar = rotation.calendar
    return RotationFacts(
        members=tuple(member.user_id for member in rotation.members.all() if member.user_id in people),
        length_days=rotation.length_days,
        handover=rotation.handover,
        starts=rotation.starts,
        zone=rotation.zone or zone,
        length_hours=rotation.length_hours,
        until=rotation.until,
        windows=windows_of(rotation.windows),
        events=None
        if calendar is None
        else tuple(Held(row.user_id, row.starts, row.ends) for row in calendar.shifts.all() if row.user_id in people),
    )


def _plan(schedule: Schedule) -> Plan:
    """From rows that are loaded whole."""
    rotations = list(schedule.rotations.all())
    overrides = sorted(schedule.overrides.all(), key=lambda row: (row.starts, row.pk))
    everybody = [member.user for rotation in rotations for member in rotation.members.all()]
    everybody += [override.user for override in overrides]
    everybody += [row.user for rotation in rotations if rotation.calendar for row in rotation.calendar.shifts.all()]
    people = {user.pk: user for user in everybody if user.is_active}
    facts = tuple(
        OverrideFacts(override.pk, override.user_id, override.starts, override.ends)
        for override in overrides
        if override.user_id in people
    )
    return Plan(schedule, tuple(_facts(rotation, schedule.zone, people) for rotation in rotations), facts, people)


def plan_numbered(number: int) -> Plan | None:
    """The plan of the schedule with this number, or None. Six statements."""
    schedule = _loaded().filter(pk=number).first()
    return None if schedule is None else _plan(schedule)


def plan_of(schedule: Schedule) -> Plan:
    """The plan of one schedule as it is stored now. Six statements."""
    return _plan(_loaded().get(pk=schedule.pk))


def all_plans() -> list[Plan]:
    """The plans of all schedules, by name. Six statements."""
    return [_plan(schedule) for schedule in _loaded()]


def on_call_now(*, at: dt.datetime) -> list[User]:
    """Everybody who is on call at an instant, each once, in the order of the schedules."""
    held = [plan.holder(at=at) for plan in all_plans()]
    return list({user.pk: user for user in held if user is not None}.values())
