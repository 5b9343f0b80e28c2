"""Roles before the night: who would hold them, and the hours in which nobody would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from firstcall.journal.spoken import organisation_zone
from firstcall.kernel.say import Say, mark, say
from firstcall.people.models.user import User
from firstcall.ready.models.duty import Acceptance, Duty
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.oncall import Plan, all_plans, windows_of
from firstcall.ready.queries.severity import rules
from firstcall.ready.rules.duty import (
    EMPTY,
    UNACCEPTED,
    Duties,
    DutyFacts,
    Named,
    Place,
    Rota,
    is_to_ask,
    named,
    stretches,
)
from firstcall.ready.rules.severity import ALL_ROLES, SeverityFacts

Plans = Mapping[int, Plan]


@dataclass(frozen=True, slots=True)
class DutyGap:
    """A role that nobody would hold (`user` None), or that `user` has not accepted, from `starts` until before `ends`.

    `flows` are those it is true for, the most critical first; none: whatever breaks. `sentence` says it by the
    organisation's clock. `ends` None: as far as was looked.
    """

    role: str
    starts: dt.datetime
    ends: dt.datetime | None
    user: User | None
    flows: tuple[Flow, ...]
    sentence: Say


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of all duties, and the people in them."""

    facts: Duties
    people: Mapping[int, User]

    def named(self, role: str, flow: Flow | None, *, at: dt.datetime) -> Named:
        """Who would hold a role if `flow` (None: something not known) broke at an instant."""
        return named(self.facts, role, place_of(flow), at=at)


def place_of(flow: Flow | None) -> Place:
    """A flow as the rule asks for it."""
    return Place() if flow is None else Place(flow.pk, flow.team_id)


def duties() -> list[Duty]:
    """All of them with whom they name, by role. One statement."""
    return list(Duty.objects.select_related("flow", "team", "user", "schedule", "deputy", "deputy_schedule"))


def _who(user: int | None, schedule: int | None, plans: Plans) -> int | Rota | None:
    if schedule is None:
        return user
    plan = plans.get(schedule)
    return None if plan is None else Rota(plan.schedule.name, plan.rotations, plan.overrides)


def known_duties(*, plans: Sequence[Plan] | None = None, rows: Sequence[Duty] | None = None) -> Known:
    """Everything the rule asks for. One statement without duties, else three beside the plans."""
    zone = settings.ENV["FIRSTCALL_ZONE"]
    rows = duties() if rows is None else rows
    if not rows:
        return Known(Duties((), {}, frozenset(), zone), {})
    by_number = {plan.schedule.pk: plan for plan in (all_plans() if plans is None else plans)}
    facts = []
    for row in rows:
        who = _who(row.user_id, row.schedule_id, by_number)
        assert who is not None  # its table holds that
        deputy = _who(row.deputy_id, row.deputy_schedule_id, by_number)
        windows = windows_of(row.windows)
        facts.append(DutyFacts(row.pk, row.role, who, deputy, row.flow_id, row.team_id, windows))
    accepted = {
        (one.duty_id, one.user_id): one.accepted_at for one in Acceptance.objects.all() if one.accepted_at is not None
    }
    people = {user.pk: user for user in User.objects.filter(is_active=True)}
    return Known(Duties(tuple(facts), accepted, frozenset(people), zone), people)


def people_of(duty: Duty, plans: Plans) -> list[User]:
    """Everybody whom a duty may name, each once; who left is passed over."""
    found: dict[int, User] = {}
    for user, schedule in ((duty.user, duty.schedule_id), (duty.deputy, duty.deputy_schedule_id)):
        if user is not None and user.is_active:
            found[user.pk] = user
        if schedule is not None and schedule in plans:
            found |= plans[schedule].people
    return list(found.values())


def to_ask(*, now: dt.datetime) -> dict[User, list[Duty]]:
    """Who has to be asked for which duties. One statement without duties, else eight."""
    rows = duties()
    if not rows:
        return {}
    plans = {plan.schedule.pk: plan for plan in all_plans()}
    said = {(one.duty_id, one.user_id): one for one in Acceptance.objects.all()}
    found: dict[User, list[Duty]] = {}
    for duty in rows:
        for user in people_of(duty, plans):
            one = said.get((duty.pk, user.pk))
            if one is None or is_to_ask(one.asked_at, one.accepted_at, now=now):
                found.setdefault(user, []).append(duty)
    return found


def asked_roles(table: Mapping[int, SeverityFacts]) -> list[str]:
    """The roles some severity asks for, in their order."""
    asked = {role for row in table.values() for role in row.roles}
    return [role for role in ALL_ROLES if role in asked]


def duty_gaps(
    start: dt.datetime,
    end: dt.datetime,
    *,
    plans: Sequence[Plan] | None = None,
    flows: Sequence[Flow] | None = None,
    roles: Sequence[str] | None = None,
) -> list[DutyGap]:
    """Each role some severity asks for that would be empty or unaccepted, by hours. Eleven statements at most.

    Without any flow, for whatever breaks. `plans`, `flows` (the most critical first) and the `roles` asked for are for
    who has them already.
    """
    flows = list(flows_by_criticality()) if flows is None else flows
    asked = asked_roles(rules()) if roles is None else roles
    known = known_duties(plans=plans)
    merged: dict[tuple[str, dt.datetime, dt.datetime, int | None], list[Flow]] = {}
    places: list[Flow | None] = [*flows] or [None]
    # Flows without a duty of their own or of their team have the same answers: they are worked out once.
    mine_of: dict[Place, list[tuple[str, list[Open]]]] = {}
    named_flows = {duty.flow for duty in known.facts.duties}
    named_teams = {duty.team for duty in known.facts.duties}
    for flow in places:
        place = place_of(flow)
        alike = Place(
            place.flow if place.flow in named_flows else None, place.team if place.team in named_teams else None
        )
        if alike not in mine_of:
            mine_of[alike] = list(_open(known, asked, alike, start, end))
        for role, mine in mine_of[alike]:
            for starts, ends, user in mine:
                touched = merged.setdefault((role, starts, ends, user), [])
                if flow is not None:
                    touched.append(flow)
    return [_gap(known, key, tuple(touched), len(flows), start, end) for key, touched in merged.items()]


Open = tuple[dt.datetime, dt.datetime, int | None]


def _open(
    known: Known, roles: Iterable[str], place: Place, start: dt.datetime, end: dt.datetime
) -> Iterable[tuple[str, list[Open]]]:
    """What is empty or unaccepted, neighbours of the same person (or nobody) joined whatever names them."""
    for role, mine in stretches(known.facts, roles, place, start=start, end=end).items():
        found: list[Open] = []
        for one in mine:
            if one.named.user is not None and one.named.accepted:
                continue
            if found and found[-1][1] == one.starts and found[-1][2] == one.named.user:
                found[-1] = (found[-1][0], one.ends, one.named.user)
            else:
                found.append((one.starts, one.ends, one.named.user))
        yield role, found


def _gap(
    known: Known, key: tuple[str, dt.datetime, dt.datetime, int | None], flows: tuple[Flow, ...], of: int,
    start: dt.datetime, end: dt.datetime,
) -> DutyGap:  # fmt: skip
    role, starts, ends, number = key
    user = None if number is None else known.people[number]
    what = _(EMPTY[role]) if user is None else _(UNACCEPTED[role]).format(name=user.name)
    facts = {"when": _when(starts, ends, start, end), "what": what}
    if len(flows) == of:
        flows, sentence = (), say(mark("{when}: {what}."), **facts)
    else:
        names = ", ".join(flow.name for flow in flows)
        sentence = say(mark("{when}, for {flows}: {what}."), flows=names, **facts)
    return DutyGap(role, starts, None if ends == end else ends, user, flows, sentence)


def _when(starts: dt.datetime, ends: dt.datetime, start: dt.datetime, end: dt.datetime) -> str:
    """The hours in the words of a week: 'At any hour', 'Saturday', 'Saturday 02:00 to 06:00'."""
    if starts == start and ends == end:
        return _("At any hour")
    zone = organisation_zone()
    begin, until = starts.astimezone(zone), ends.astimezone(zone)
    first, days = WEEKDAYS[begin.weekday()], (until.date() - begin.date()).days
    if begin.time() == until.time() == dt.time(0) and days <= 7:
        last = WEEKDAYS[(until.weekday() - 1) % 7]
        words = {1: "{first}", 2: _("{first} and {last}")}.get(days, _("{first} to {last}"))
        return words.format(first=first, last=last)
    facts = {"first": first, "from_": f"{begin:%H:%M}", "last": WEEKDAYS[until.weekday()], "to": f"{until:%H:%M}"}
    if not days:
        return _("{first} {from_} to {to}").format(**facts)
    return _("{first} {from_} to {last} {to}").format(**facts)
