"""What has moved in before, and who is on call by both systems."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from django.db.models import QuerySet

from firstcall.kernel.say import Say
from firstcall.people.models.contact import ContactMethod
from firstcall.people.models.user import User
from firstcall.ready.models.component import Component
from firstcall.ready.models.moving import Move, Moved, MoveState
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Override, Rotation, Schedule
from firstcall.ready.queries.oncall import Plan, all_plans, windows_of
from firstcall.ready.rules.moving import Here, Line, Standing, decide_moves
from firstcall.ready.rules.side_by_side import Difference, Theirs, Who, differences
from firstcall.ready.rules.taken import Call, Rota, Shift, Taken
from firstcall.ready.rules.turns import Turns, settled

MODELS = {
    "person": User, "schedule": Schedule, "override": Override, "path": EscalationPath, "component": Component,
}  # fmt: skip


def taken_of(move: Move) -> Taken:
    """What was read."""
    return msgspec.json.decode(move.taken, type=Taken)


def here_now(system: str) -> Here:
    """What is here already. Twelve statements."""
    people = list(User.objects.values_list("pk", "email", "is_active", "phone"))
    rows = {
        noun: dict(model._default_manager.values_list("pk", "name"))
        for noun, model in MODELS.items()
        if noun not in ("person", "override")
    }
    living = {noun: set(named) for noun, named in rows.items()}
    living["person"] = {pk for pk, _email, _open, _phone in people}
    rows_of_overrides = Override.objects.values_list("pk", "schedule_id", "user_id", "user__name", "starts", "ends")
    overrides = {
        pk: Standing(schedule, user, name, starts, ends) for pk, schedule, user, name, starts, ends in rows_of_overrides
    }
    living["override"] = set(overrides)
    ways: dict[int, set[str]] = {}
    for user, address in ContactMethod.objects.values_list("user", "address"):
        ways.setdefault(user, set()).add(address)
    moved = list(Moved.objects.filter(system=system).values_list("noun", "origin", "number", "mark"))
    return Here(
        moved={(noun, origin): number for noun, origin, number, _mark in moved if number in living[noun]},
        people={email.lower(): pk for pk, email, _open, _phone in people},
        open=frozenset(pk for pk, _email, is_open, _phone in people if is_open),
        phones={pk: phone for pk, _email, _open, phone in people},
        ways={user: frozenset(addresses) for user, addresses in ways.items()},
        schedules=frozenset(rows["schedule"].values()),
        paths=frozenset(rows["path"].values()),
        components=frozenset(rows["component"].values()),
        layers=_layers(),
        steps=_calls(),
        overrides=overrides,
        marks={(noun, origin): mark for noun, origin, _number, mark in moved},
    )


def _layers() -> dict[int, tuple[Turns, ...]]:
    """The layers of schedules that did not come from a file, as the rule compares them. Four statements."""
    rows = Schedule.objects.filter(origin="").prefetch_related("rotations__members", "rotations__calendar")
    return {row.pk: tuple(_turns(layer, row.zone) for layer in row.rotations.all()) for row in rows}


def _calls() -> dict[int, tuple[Call, ...]]:
    """The steps of paths that did not come from a file, as the rule compares them. One statement."""
    rows = EscalationPath.objects.filter(origin="").order_by("pk", "steps__order")
    found: dict[int, list[Call]] = {}
    for path, schedule, user, wait in rows.values_list("pk", "steps__schedule", "steps__user", "steps__wait_minutes"):
        calls = found.setdefault(path, [])
        if wait is not None:
            calls.append(Call("person", str(user), wait) if schedule is None else Call("schedule", str(schedule), wait))
    return {path: tuple(calls) for path, calls in found.items()}


def _turns(row: Rotation, zone: str) -> Turns:
    turns = Turns(
        (), row.handover, row.starts, row.zone or zone, row.length_days, row.length_hours, row.name, row.until,
        windows_of(row.windows), row.calendar.url if row.calendar else "",
    )  # fmt: skip
    return settled(turns, tuple(str(member.user_id) for member in row.members.all()))


def preview(move: Move, *, now: dt.datetime) -> tuple[Line, ...]:
    """What moving in would do this instant. Twelve statements."""
    return decide_moves(taken_of(move), here_now(move.system), now=now)


@dataclass(frozen=True, slots=True)
class Spell:
    """A difference, with names to show."""

    starts: dt.datetime
    ends: dt.datetime
    old: tuple[str, ...]
    new: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of their schedules and ours. `told` is false when it did not say who is on call.

    `why` is why it is not here, `waiting` names calendars that have not been read yet.
    """

    name: str
    schedule: Schedule | None
    told: bool
    spells: tuple[Spell, ...]
    waiting: tuple[str, ...] = ()
    why: Say | None = None

    @property
    def pairs(self) -> list[tuple[str, str, int]]:
        """What it says, what we say, and how often, the most frequent first."""
        counted = Counter((", ".join(one.old), one.new) for one in self.spells)
        return [(old, new, n) for (old, new), n in counted.most_common()]


def side_by_side(move: Move, *, now: dt.datetime) -> tuple[list[Side], dt.datetime]:
    """Both systems from now on, and until when: fourteen days after the reading. Twenty statements at most."""
    taken = taken_of(move)
    here = here_now(move.system)
    lines = decide_moves(taken, here, now=now)
    why = {line.origin: line.why for line in lines if (line.noun, line.what) == ("schedule", "failed")}
    users = {user.pk: user for user in User.objects.all()}
    known = {
        one.origin: here.moved.get(("person", one.origin)) or here.people.get(one.mail) for one in taken.people
    }  # fmt: skip
    names = {one.origin: one.name for one in taken.people}
    plans = {plan.schedule.pk: plan for plan in all_plans()}
    by_rota: dict[str, list[Shift]] = {}
    for shift in taken.shifts:
        by_rota.setdefault(shift.rota, []).append(shift)
    found = []
    for rota in taken.rotas:
        plan = plans.get(here.moved.get(("schedule", rota.origin), 0))
        theirs = [
            Theirs(number if (number := known.get(one.person)) in users and number else
                   names.get(one.person) or one.name or one.person, one.starts, one.ends)
            for one in by_rota.get(rota.origin, [])
        ]  # fmt: skip
        if plan is None:
            found.append(Side(rota.name, None, rota.told, (), why=why.get(rota.origin)))
        else:
            found.append(_side(rota, plan, theirs, users, start=max(now, taken.since), end=taken.until))
    return found, taken.until


def _side(
    rota: Rota, plan: Plan, theirs: list[Theirs], users: dict[int, User], *, start: dt.datetime, end: dt.datetime
) -> Side:
    spells: Iterable[Difference] = ()
    if rota.told and start < end:
        spells = differences(theirs, plan.shifts(start=start, end=end), start=start, end=end)

    def called(who: Who) -> str:
        return users[who].name if isinstance(who, int) else who

    rows = plan.schedule.rotations.all()
    return Side(
        rota.name, plan.schedule, rota.told,
        tuple(
            Spell(one.starts, one.ends, tuple(sorted(map(called, one.old))), called(one.new) if one.new else "")
            for one in spells
        ),
        tuple(row.calendar.name for row in rows if row.calendar and row.calendar.read_at is None),
    )  # fmt: skip


def moves_due(*, now: dt.datetime) -> QuerySet[Move]:
    """Those to be asked on."""
    return Move.objects.filter(state=MoveState.READING, due__lte=now).order_by("due")
