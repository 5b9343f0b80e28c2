"""When the engineers are asked, and when an answer is late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

UNANSWERED = dt.timedelta(minutes=5)
ASKED_IN = frozenset({"investigating", "identified", "monitoring"})


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What decides: the incident's state, minutes between look-ins (None: none), and whether somebody leads."""

    state: str
    minutes: int | None
    has_lead: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """`ask` now, or `never` until something changes; with the reason."""

    kind: Literal["ask", "never"]
    reason: str


def decide_look_in(rhythm: Rhythm) -> Turn:
    """Whether a look-in that is due is asked. Whatever makes it 'never' plans the next one itself when it changes."""
    if rhythm.state not in ASKED_IN:
        return Turn("never", "nobody works on it now")
    if rhythm.minutes is None:
        return Turn("never", "the severity asks for none")
    if not rhythm.has_lead:
        return Turn("never", "nobody leads the technical work")
    return Turn("ask", "the agreed rhythm")


def next_due(now: dt.datetime, *, minutes: int) -> dt.datetime:
    """The next look-in, counted from the last one asked or answered."""
    return now + dt.timedelta(minutes=minutes)


def is_late(due_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Five minutes without an answer: somebody has to see why."""
    return now - due_at >= UNANSWERED
