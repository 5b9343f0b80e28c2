"""What moves in goes into its tables, in bulk. Within the transaction of `move_in`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.conf import settings

from firstcall.kernel.actor import Actor
from firstcall.kernel.clock import zones
from firstcall.people.commands.person import NewPerson, add_people, note_ways
from firstcall.people.models.user import User
from firstcall.ready.commands.flow import free_slugs
from firstcall.ready.models.component import Component
from firstcall.ready.models.moving import Moved
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.ready.models.schedule import Calendar, Override, Rotation, RotationMember, Schedule
from firstcall.ready.queries.oncall import stored
from firstcall.ready.rules.moving import Line, steps_mark
from firstcall.ready.rules.taken import Cover, Person, Policy, Rota, Service, Way
from firstcall.ready.rules.turns import mark_of as layers_mark
from firstcall.ready.rules.turns import settled

T = TypeVar("T")


@dataclass(slots=True)
class MovingWriter:
    """Makes what the lines say; `ids` are our numbers by noun and origin.

    A known number of statements, however much it is: while it writes, nobody else does. What the commands of each noun
    would refuse the rule has sorted out before.
    """

    system: str
    lines: Sequence[Line]
    by: Actor
    now: dt.datetime
    marks: dict[tuple[str, str], str]
    ids: dict[tuple[str, str], int] = field(default_factory=dict)

    def write(self) -> None:
        """Everything, what is needed before who needs it."""
        self.ids = {
            (one.noun, one.origin): one.number for one in self.lines if one.number is not None and one.what != "removed"
        }
        self._people()
        self._schedules()
        self._overrides()
        self._paths()
        slugs = free_slugs(Component, [one.name for _line, one in self._made(Service)])
        parts = [
            (line, Component(name=one.name, slug=slug))
            for (line, one), slug in zip(self._made(Service), slugs, strict=True)
        ]
        self._keep(parts, Component.objects.bulk_create([row for _line, row in parts]))
        Moved.objects.bulk_create(
            [
                Moved(
                    system=self.system, noun=noun, origin=origin, number=number, moved_at=self.now,
                    mark=self.marks.get((noun, origin), ""),
                )
                for (noun, origin), number in self.ids.items()
            ],
            update_conflicts=True, unique_fields=["system", "noun", "origin"],
            update_fields=["number", "mark", "moved_at"],
        )  # fmt: skip

    def _made(self, form: type[T]) -> list[tuple[Line, T]]:
        return [(line, line.thing) for line in self.lines if line.what == "made" and isinstance(line.thing, form)]

    def _changed(self, form: type[T]) -> list[tuple[int, T]]:
        """Our number and what it becomes."""
        return [
            (line.number, line.thing)
            for line in self.lines
            if line.what == "changed" and line.number is not None and isinstance(line.thing, form)
        ]

    def _keep(self, pairs: Sequence[tuple[Line, Any]], rows: Sequence[Any]) -> None:
        for (line, _unsaved), row in zip(pairs, rows, strict=True):
            self.ids[line.noun, line.origin] = row.pk

    def _people(self) -> None:
        ways: dict[str, list[Way]] = {}
        for line, way in self._made(Way):
            ways.setdefault(line.origin, []).append(way)
        fresh = self._made(Person)
        users = add_people(
            people=[
                NewPerson(one.name, one.mail, one.access, _zone(one), *_of(ways.pop(one.origin, ())))
                for _line, one in fresh
            ],
            by=self.by, now=self.now,
        )  # fmt: skip
        self._keep(fresh, users)
        known = User.objects.in_bulk([self.ids["person", origin] for origin in ways])
        note_ways(
            ways=[(known[self.ids["person", origin]], *_of(more)) for origin, more in ways.items()], by=self.by,
            now=self.now,
        )  # fmt: skip

    def _schedules(self) -> None:
        """Those that are made, and new layers for those that have changed there."""
        pairs = self._made(Rota)
        rows = Schedule.objects.bulk_create([Schedule(name=one.name, zone=one.zone) for _line, one in pairs])
        self._keep(pairs, rows)
        changed = dict(self._changed(Rota))
        old = list(Schedule.objects.filter(pk__in=changed))
        Calendar.objects.filter(schedule__in=old).delete()
        Rotation.objects.filter(schedule__in=old).delete()
        rotas = list(zip(rows, (one for _line, one in pairs), strict=True)) + [(row, changed[row.pk]) for row in old]
        for row, one in rotas:
            row.zone = one.zone
            self.marks["schedule", one.origin] = layers_mark(
                settled(turns, tuple(str(self.ids["person", origin]) for origin in turns.members))
                for turns in one.turns
            )
        Schedule.objects.bulk_update(old, ["zone"])
        layers = [(row, one, place, turns) for row, one in rotas for place, turns in enumerate(one.turns)]
        followed = [(row, place) for row, _one, place, turns in layers if turns.calendar]
        calendars = dict(
            zip(
                followed,
                Calendar.objects.bulk_create(
                    [Calendar(schedule=row, name=one.name, url=t.calendar) for row, one, _at, t in layers if t.calendar]
                ),
                strict=True,
            )
        )
        rotations = Rotation.objects.bulk_create(
            [
                Rotation(
                    schedule=row, position=place, name=turns.name, zone="" if turns.zone == one.zone else turns.zone,
                    length_days=turns.length_days, length_hours=turns.length_hours, handover=turns.handover,
                    starts=turns.starts, until=turns.until, windows=[stored(window) for window in turns.windows],
                    calendar=calendars.get((row, place)),
                )
                for row, one, place, turns in layers
            ]
        )  # fmt: skip
        RotationMember.objects.bulk_create(
            [
                RotationMember(rotation=rotation, order=order, user_id=self.ids["person", origin])
                for rotation, (_row, _one, _place, turns) in zip(rotations, layers, strict=True)
                for order, origin in enumerate(turns.members)
            ]
        )

    def _overrides(self) -> None:
        """Those that are made, those that have changed there, and what is there no more: what was stays as it was."""
        fresh = [(line, self._override(one, line.rota, None)) for line, one in self._made(Cover)]
        self._keep(fresh, Override.objects.bulk_create([row for _line, row in fresh]))
        rotas = {line.number: line.rota for line in self.lines if line.noun == "override"}
        Override.objects.bulk_update(
            [self._override(one, rotas[number], number) for number, one in self._changed(Cover)],
            ["schedule", "user", "starts", "ends"],
        )
        removed = [line.number for line in self.lines if line.what == "removed" and line.number is not None]
        gone = Override.objects.filter(pk__in=removed)
        gone.filter(starts__lt=self.now).update(ends=self.now)
        never = list(gone.filter(starts__gte=self.now).values_list("pk", flat=True))
        Override.objects.filter(pk__in=never).delete()
        Moved.objects.filter(system=self.system, noun="override", number__in=never).delete()

    def _override(self, one: Cover, rota: str, number: int | None) -> Override:
        return Override(
            pk=number, schedule_id=self.ids["schedule", rota], user_id=self.ids["person", one.person],
            starts=one.starts, ends=one.ends,
        )  # fmt: skip

    def _paths(self) -> None:
        """Those that are made, and new steps for those that have changed there; what runs keeps its own copy."""
        pairs = self._made(Policy)
        rows = EscalationPath.objects.bulk_create([EscalationPath(name=one.name) for _line, one in pairs])
        self._keep(pairs, rows)
        changed = self._changed(Policy)
        EscalationStep.objects.filter(path__in=[number for number, _one in changed]).delete()
        policies = [(row.pk, one) for row, (_line, one) in zip(rows, pairs, strict=True)] + changed
        steps = []
        for number, one in policies:
            calls = [replace(call, origin=str(self.ids[call.noun, call.origin])) for call in one.calls]
            self.marks["path", one.origin] = steps_mark(calls)
            steps += [
                EscalationStep(
                    path_id=number, order=order, wait_minutes=call.wait,
                    schedule_id=int(call.origin) if call.noun == "schedule" else None,
                    user_id=int(call.origin) if call.noun == "person" else None,
                )
                for order, call in enumerate(calls)
            ]  # fmt: skip
        EscalationStep.objects.bulk_create(steps)


def _of(ways: Sequence[Way]) -> tuple[str, tuple[str, ...]]:
    """The number and the mail addresses."""
    phone = next((way.address for way in ways if way.kind == "phone"), "")
    return phone, tuple(way.address for way in ways if way.kind == "mail")


def _zone(one: Person) -> str:
    """The person's own clock, or the organisation's when we don't know theirs."""
    return one.zone if one.zone in zones() else str(settings.ENV["FIRSTCALL_ZONE"])
