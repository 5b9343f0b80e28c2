"""Escalation paths as plans: what an escalation freezes, and whom a step names at an instant."""

from __future__ import annotations

import datetime as dt
from typing import Any

from firstcall.people.models.user import User
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath
from firstcall.ready.models.schedule import Schedule
from firstcall.ready.queries.oncall import plan_of
from firstcall.ready.queries.severity import rule_of


def frozen_plan(path: EscalationPath) -> dict[str, Any]:
    """A path as plain JSON: {"path": name, "steps": [{"wait_minutes", "schedule", "user"}]} with ids or None."""
    return {
        "path": path.name,
        "steps": [
            {"wait_minutes": step.wait_minutes, "schedule": step.schedule_id, "user": step.user_id}
            for step in path.steps.all()
        ],
    }


def plan_for(flow: Flow | None, severity: int) -> dict[str, Any] | None:
    """The plan of a flow, or of the only path there is when the flow has none; None when there is no path.

    None too when the severity table says that this severity wakes nobody.
    """
    if rule_of(severity).wakes == "never":
        return None
    path = flow.path if flow is not None else None
    if path is None:
        paths = list(EscalationPath.objects.all()[:2])
        path = paths[0] if len(paths) == 1 else None
    return None if path is None else frozen_plan(path)


def people_of_step(step: dict[str, Any], *, at: dt.datetime) -> list[User]:
    """Whom a frozen step names at an instant: the person, or whoever is on call then. Empty when nobody is."""
    if step.get("user") is not None:
        return list(User.objects.filter(pk=step["user"], is_active=True))
    schedule = Schedule.objects.filter(pk=step.get("schedule") or 0).first()
    if schedule is None:
        return []
    found = plan_of(schedule).holder(at=at)
    return [] if found is None else [found]
