"""The steps of an escalation path, from its frozen plan."""

from __future__ import annotations

import datetime as dt
from typing import Any


def waits_of(plan: dict[str, Any]) -> tuple[int, ...]:
    """Minutes the people of each step of a frozen plan have to answer before the next one runs, never negative."""
    return tuple(max(0, int(step.get("wait_minutes") or 0)) for step in plan.get("steps", ()))


def due_after(ran_at: dt.datetime, wait_minutes: int) -> dt.datetime:
    """When the people of a step have had their time."""
    return ran_at + dt.timedelta(minutes=wait_minutes)
