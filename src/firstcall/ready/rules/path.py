"""The steps of an escalation path, from its frozen plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any


def waits_of(plan: dict[str, Any]) -> tuple[int, ...]:
    """Minutes the people of each step of a frozen plan have to answer before the next one runs, never negative."""
    return tuple(max(0, int(step.get("wait_minutes") or 0)) for step in plan.get("steps", ()))


def at_once(waits: Sequence[int]) -> list[range]:
    """The steps by who is paged at the same moment: one that waits 0 minutes goes with the next."""
    ends = [number + 1 for number, wait in enumerate(waits) if wait or number == len(waits) - 1]
    return [range(first, end) for first, end in zip([0, *ends], ends, strict=False)]


def with_step(waits: Sequence[int], index: int) -> range:
    """The steps that are paged at once with step `index`, itself among them; empty where there is no such step."""
    return next((steps for steps in at_once(waits) if index in steps), range(0))


def due_after(ran_at: dt.datetime, wait_minutes: int) -> dt.datetime:
    """When the people of a step have had their time."""
    return ran_at + dt.timedelta(minutes=wait_minutes)
