"""What comes next on an escalation path, from the frozen plan and the time alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

LINK_LASTS = dt.timedelta(hours=24)

Kind = Literal["run", "wait", "exhausted", "over"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A run as it stands: `step` is the last step that ran (-1: none yet), `next_at` when the next thing is due,
    `steps` how many the plan has."""

    state: str
    step: int
    next_at: dt.datetime | None
    steps: int


@dataclass(frozen=True, slots=True)
class Next:
    """`run` step `index` now, `wait` until `due_at` for it, `exhausted`, or `over` (nothing to do)."""

    kind: Kind
    index: int = -1
    due_at: dt.datetime | None = None
    reason: str = ""


def next_step(standing: Standing, *, now: dt.datetime) -> Next:
    """The next thing this run does. After the last step's wait nobody has answered: it is exhausted."""
    if standing.state != "running":
        return Next("over", reason=standing.state)
    index = standing.step + 1
    if standing.next_at is not None and now < standing.next_at:
        return Next("wait", index, standing.next_at)
    if index >= standing.steps:
        return Next("exhausted", index, standing.next_at, "nobody answered")
    return Next("run", index, standing.next_at)


def link_lives(state: str, *, planned_at: dt.datetime, now: dt.datetime) -> bool:
    """May a page's link still act? It ends with the escalation or after 24 hours; while nobody answers it stays."""
    return state in ("running", "exhausted") and now < planned_at + LINK_LASTS
