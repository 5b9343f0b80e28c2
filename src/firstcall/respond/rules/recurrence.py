"""What fires after a person said that it is over: the same outage back, or a new one, and when to look again."""

from __future__ import annotations

import datetime as dt
from typing import Literal

REOPENS = dt.timedelta(hours=2)  # what comes back within it is the same outage
PATIENCE = (dt.timedelta(minutes=10), dt.timedelta(hours=1), dt.timedelta(hours=4))
# A false alarm may fire for days: asked once more the same night, then when people have slept, then once a day.
DECLINED = (dt.timedelta(minutes=30), dt.timedelta(hours=8), dt.timedelta(hours=24))


def decide_recurrence(resolved_at: dt.datetime | None, *, now: dt.datetime) -> Literal["reopen", "new"]:
    """The same sick thing fires again: does its last incident go back to investigating, or is this a new one?

    `resolved_at` is when that incident was said to be over; None when it was declined, for then there was no outage
    that could come back.
    """
    return "reopen" if resolved_at is not None and now - resolved_at <= REOPENS else "new"


def patience(times: int, *, declined: bool = False) -> dt.timedelta:
    """How long the word stands of whoever says that it is over although it fires, or that it is no incident
    (`declined`); then it is looked at again.

    `times` is how often people have said so of this incident, this time included: the more often, the longer, but never
    for good. An alert needs some minutes to calm down, so it is never less than ten; 0 is who saw nothing fire.
    """
    stands = DECLINED if declined else PATIENCE
    return stands[min(max(times, 1), len(stands)) - 1]
