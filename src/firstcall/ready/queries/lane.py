"""Whom a lane of a frozen plan means at an instant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from firstcall.people.models.user import User
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.lane import Lane, LaneKind
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.provider import Provider
from firstcall.ready.queries.oncall import Plan
from firstcall.ready.queries.path import people_of_step
from firstcall.ready.queries.ripple import the_net
from firstcall.ready.rules.holes.facts import ToldFacts
from firstcall.ready.rules.severity import SeverityFacts


def people_of_lane(
    lane: Mapping[str, Any], *, flow: Flow | None, at: dt.datetime, plans: Mapping[int, Plan] | None = None
) -> list[User]:
    """The people to tell, each once, by name where they are worked out. One statement, or those of a schedule."""
    if lane["kind"] != LaneKind.OWNERS:
        return people_of_step(dict(lane), at=at, plans=plans)
    owned = {"customer__flows": flow} if flow is not None else {"customer__isnull": False}
    return list(User.objects.filter(is_active=True, customer__contract=True, **owned).distinct().order_by("name"))


def vendors_of(flow: Flow | None) -> list[Provider]:
    """Each provider that a flow needs at any depth, by name. Three statements at most."""
    if flow is None:
        return []
    wanted = [number for kind, number in the_net().needed_by(("flow", flow.pk)) if kind == "provider"]
    return list(Provider.objects.filter(pk__in=wanted).order_by("name"))


def all_lanes() -> list[Lane]:
    """Those of every path, with whom they tell. One statement."""
    return list(Lane.objects.select_related("path", "user", "schedule").order_by("path__name", "after_minutes", "id"))


def told_facts(
    lanes: Sequence[Lane],
    *,
    paths: Sequence[EscalationPath],
    plans: Sequence[Plan],
    verified: frozenset[int],
    owned: bool,
    table: Mapping[int, SeverityFacts],
) -> tuple[ToldFacts, ...]:
    """What is wrong with each lane, and which of `paths` names no founder or CTO although one is to be told at once.

    `owned`: a customer with a contract has an account owner who is here. No statement.
    """
    empty = {plan.schedule.pk for plan in plans if not plan.people}
    found = []
    for lane in lanes:
        wrong, person = "", lane.user
        if lane.kind == LaneKind.OWNERS:
            wrong = "" if owned else "owners"
        elif person is not None:
            wrong = "left" if not person.is_active else "" if person.pk in verified else "unverified"
        elif lane.schedule_id in empty:
            wrong = "hollow"
        who, kind = str(person or lane.schedule or ""), str(LaneKind(lane.kind).label)
        found.append(
            ToldFacts(lane.pk, lane.path_id, lane.path.name, kind, who, wrong, person.pk if person is not None else 0)
        )
    if paths and any(rule.tells_leadership for rule in table.values()):
        led = {lane.path_id for lane in lanes if lane.kind == LaneKind.LEADERSHIP}
        kind = str(LaneKind.LEADERSHIP.label)
        found += [ToldFacts(0, path.pk, path.name, kind, "", "missing") for path in paths if path.pk not in led]
    return tuple(found)
