"""How long someone may wait for what they lack."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

BLOCKED_WAITS = dt.timedelta(minutes=5)
OTHERS_WAIT = dt.timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whole minutes since it was asked, and whole minutes past its due time (0: not late)."""

    minutes: int
    late: int

    @property
    def is_late(self) -> bool:
        return self.late > 0


def due_of(asked_at: dt.datetime, *, blocks: bool) -> dt.datetime:
    """When a need turns late: five minutes for someone who is blocked, half an hour otherwise."""
    return asked_at + (BLOCKED_WAITS if blocks else OTHERS_WAIT)


def waiting_of(*, asked_at: dt.datetime, due_at: dt.datetime, now: dt.datetime) -> Waiting:
    """How a need stands. It counts as late from its first full minute over."""
    return Waiting(
        minutes=max(0, int((now - asked_at).total_seconds() // 60)),
        late=max(0, int((now - due_at).total_seconds() // 60)),
    )
