"""Who is paged when something breaks: asked by an escalation as it starts and runs, and by the dry run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firstcall.journal.spoken import organisation_zone
from firstcall.people.models.user import Access, User
from firstcall.people.queries.contact import Way, ways_of_all
from firstcall.people.queries.people import active_people
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.lane import people_of_lane
from firstcall.ready.queries.oncall import Plan, all_plans
from firstcall.ready.queries.path import frozen_plan, path_of, people_of_step
from firstcall.ready.queries.severity import rule_of
from firstcall.ready.rules.lane import LaneFacts, lane_facts, opens_at
from firstcall.ready.rules.path import at_once, due_after, waits_of
from firstcall.ready.rules.quiet import Quiet, quiet_until
from firstcall.ready.rules.severity import SeverityFacts
from firstcall.ready.rules.waking import Waking, decide_waking


@dataclass(frozen=True, slots=True)
class Woken:
    """What a flow and a severity set off: the frozen plan of the path (None: there is none), when it begins, and the
    severity's row of the table."""

    plan: dict[str, Any] | None
    waking: Waking
    rule: SeverityFacts


@dataclass(frozen=True, slots=True)
class Turn:
    """The steps of a plan that page somebody at once, and how long they have to answer.

    `index` is the last of these steps, `calls` whom each pages, everybody once. The steps `skipped` had nobody.
    """

    index: int
    calls: tuple[tuple[int, list[User]], ...]
    wait_minutes: int
    skipped: tuple[int, ...]

    @property
    def people(self) -> list[User]:
        """All who are paged."""
        return [user for _number, users in self.calls for user in users]


@dataclass(frozen=True, slots=True)
class Reached:
    """One person, over which ways, and until when their page waits for the end of their quiet hours (None: at once)."""

    user: User
    ways: list[Way]
    waits_until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """Who is paged at an instant. `empty` are the schedules whose turn it was and where nobody is on call then."""

    at: dt.datetime
    people: list[Reached]
    wait_minutes: int
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told beside those on call, of which lane's kind, and when: `facts` say on what condition."""

    at: dt.datetime
    kind: str
    facts: LaneFacts
    people: list[Reached]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would happen. `admins_at` is when all `admins` are told as nobody answered; None when nothing runs."""

    woken: Woken
    lines: list[Line]
    admins_at: dt.datetime | None
    admins: tuple[Reached, ...] = ()
    told: tuple[Told, ...] = ()


def woken_by(flow: Flow | None, severity: int, *, now: dt.datetime) -> Woken:
    """What happens when `flow` breaks as `severity` now."""
    path = path_of(flow, severity)
    rule = rule_of(severity)
    waking = decide_waking(rule, now=now, zone=organisation_zone())
    return Woken(None if path is None else frozen_plan(path), waking, rule)


def waits_until(user: User, rule: SeverityFacts, *, at: dt.datetime) -> dt.datetime | None:
    """When a page or message to somebody, planned for `at`, goes out because they are quiet; None: at `at`."""
    if user.quiet_from is None or user.quiet_to is None:
        return None
    return quiet_until(Quiet(user.quiet_from, user.quiet_to, user.zone), breaks=rule.breaks_quiet, at=at)


def turn_of(
    plan: dict[str, Any], index: int, *, at: dt.datetime, plans: Mapping[int, Plan] | None = None
) -> Turn | None:
    """The first steps from `index` on that have somebody to page at this instant; None when none has."""
    waits = waits_of(plan)
    skipped: list[int] = []
    for steps in at_once(waits):
        calls: list[tuple[int, list[User]]] = []
        for number in steps[max(0, index - steps.start) :]:
            paged = {user.pk for _number, users in calls for user in users}
            found = people_of_step(plan["steps"][number], at=at, plans=plans)
            users = [user for user in found if user.pk not in paged]
            if users:
                calls.append((number, users))
            elif not found:
                skipped.append(number)
        if calls:
            return Turn(steps[-1], tuple(calls), waits[steps[-1]], tuple(skipped))
    return None


def all_admins() -> list[User]:
    """Who is told when nobody answers, by name. One statement."""
    return [user for user in active_people() if user.access == Access.ADMIN]


def rehearse(
    flow: Flow | None,
    severity: int,
    *,
    now: dt.datetime,
    plans: Mapping[int, Plan] | None = None,
    admins: Sequence[User] | None = None,
) -> Rehearsal:
    """The whole evening on paper, with nobody answering. Pages nobody, stores nothing.

    `plans` and all `admins` may be read before.
    """
    plans = plans if plans is not None else {plan.schedule.pk: plan for plan in all_plans()}
    woken = woken_by(flow, severity, now=now)
    if woken.waking.at is None:
        return Rehearsal(woken, [], None)
    rule = woken.rule
    turns = list(_turns(woken.plan or {"steps": []}, woken.waking.at, plans))
    told = list(_told(woken, rule, flow, plans))
    admins = all_admins() if admins is None else admins
    everybody = [turn.people for _at, turn in turns] + [people for *_lane, people in told] + [[*admins]]
    ways = ways_of_all({user.pk: user for people in everybody for user in people}.values())

    def reached(people: list[User], at: dt.datetime) -> list[Reached]:
        return [Reached(user, ways[user.pk], waits_until(user, rule, at=at)) for user in people]

    steps = (woken.plan or {}).get("steps", ())
    lines = [
        Line(at, reached(turn.people, at), turn.wait_minutes, tuple(_names([steps[n] for n in turn.skipped], plans)))
        for at, turn in turns
    ]
    end = due_after(lines[-1].at, lines[-1].wait_minutes) if lines else woken.waking.at
    return Rehearsal(
        woken,
        lines,
        end,
        tuple(reached([*admins], end)),
        tuple(Told(at, kind, facts, reached(people, at)) for at, kind, facts, people in told),
    )


def _names(steps: Sequence[dict[str, Any]], plans: Mapping[int, Plan]) -> Iterator[str]:
    """The schedules of these steps."""
    for step in steps:
        plan = plans.get(step.get("schedule") or 0)
        if plan is not None:
            yield plan.schedule.name


def _told(
    woken: Woken, rule: SeverityFacts, flow: Flow | None, plans: Mapping[int, Plan]
) -> Iterator[tuple[dt.datetime, str, LaneFacts, list[User]]]:
    """The lanes that open for this severity when nobody answers. One statement each."""
    for lane in (woken.plan or {}).get("lanes", ()):
        facts = lane_facts(lane, rule)
        if woken.waking.at is not None and rule.severity <= facts.severity:
            at = opens_at(facts, begins=woken.waking.at)
            yield at, lane["kind"], facts, people_of_lane(lane, flow=flow, at=at, plans=plans)


def _turns(plan: dict[str, Any], at: dt.datetime, plans: Mapping[int, Plan]) -> Iterator[tuple[dt.datetime, Turn]]:
    turn = turn_of(plan, 0, at=at, plans=plans)
    while turn is not None:
        yield at, turn
        at = due_after(at, turn.wait_minutes)
        turn = turn_of(plan, turn.index + 1, at=at, plans=plans)
