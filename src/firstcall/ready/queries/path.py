"""Escalation paths as plans: what an escalation freezes, and whom a step names at an instant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from firstcall.people.models.user import User
from firstcall.ready.models.flow import Flow, FlowPath
from firstcall.ready.models.path import EscalationPath, EscalationStep
from firstcall.ready.queries.oncall import Plan, plan_numbered
from firstcall.ready.rules.path import at_once


def frozen_plan(path: EscalationPath) -> dict[str, Any]:
    """A path as plain JSON: {"path": name, "steps": [{"wait_minutes", "schedule", "user"}], "lanes": [{"kind",
    "severity", "after_minutes", "when", "schedule", "user"}]} with ids or None. Two statements."""
    return {
        "path": path.name,
        "steps": [
            {"wait_minutes": step.wait_minutes, "schedule": step.schedule_id, "user": step.user_id}
            for step in path.steps.all()
        ],
        "lanes": [
            {
                "kind": lane.kind,
                "severity": lane.severity,
                "after_minutes": lane.after_minutes,
                "when": lane.when,
                "schedule": lane.schedule_id,
                "user": lane.user_id,
            }
            for lane in path.lanes.all()
        ],
    }


def path_of(flow: Flow | None, severity: int) -> EscalationPath | None:
    """The path a flow has for this severity, else its own, else the only path there is. Two statements at most."""
    if flow is not None:
        chosen = FlowPath.objects.select_related("path").filter(flow=flow, severity=severity).first()
        if chosen is not None:
            return chosen.path
        if flow.path is not None:
            return flow.path
    paths = list(EscalationPath.objects.all()[:2])
    return paths[0] if len(paths) == 1 else None


def told_steps(rows: Iterable[EscalationStep]) -> list[tuple[str, int]]:
    """Who is paged, 'Ben and Engineers' at once, and the minutes they have to answer. `rows` with whom they name."""
    steps = list(rows)
    waits = [step.wait_minutes for step in steps]
    return [
        (_(" and ").join(str(steps[number].schedule or steps[number].user) for number in group), waits[group[-1]])
        for group in at_once(waits)
    ]


def people_of_step(step: dict[str, Any], *, at: dt.datetime, plans: Mapping[int, Plan] | None = None) -> list[User]:
    """Whom a frozen step names at an instant: the person, or whoever is on call then. Empty when nobody is.

    `plans` are those of all schedules by their numbers, for who has read them already.
    """
    if step.get("user") is not None:
        return list(User.objects.filter(pk=step["user"], is_active=True))
    number = step.get("schedule") or 0
    plan = plan_numbered(number) if plans is None else plans.get(number)
    found = None if plan is None else plan.holder(at=at)
    return [] if found is None else [found]
