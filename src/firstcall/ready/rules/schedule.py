"""Who holds a shift at an instant: the one function that everything asks.

Clock changes: a handover is a wall time of the schedule's zone. A wall time that does not exist that day stands for the
first instant that does; one that comes twice stands for its first coming. So a shift may be an hour longer or shorter,
and there is never a gap, an overlap or a handover at another wall time than the one agreed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RotationFacts:
    """A layer: `members` take turns of `length_days` from the handover of `starts` on (wall times of `zone`)."""

    members: tuple[int, ...]
    length_days: int
    handover: dt.time
    starts: dt.date
    zone: str


@dataclass(frozen=True, slots=True)
class OverrideFacts:
    """`user` holds from `starts` until before `ends`; where two cover an instant, the one with the higher `id` wins."""

    id: int
    user: int
    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class Held:
    """`user` (None: nobody) from `starts` until before `ends`, instants in UTC."""

    user: int | None
    starts: dt.datetime
    ends: dt.datetime


def instant_of(day: dt.date, wall: dt.time, zone: str) -> dt.datetime:
    """The instant of a wall time, in UTC, by the policy above."""
    local = dt.datetime.combine(day, wall, tzinfo=ZoneInfo(zone))  # fold=0: the first of two comings
    instant = local.astimezone(dt.UTC)
    if instant.astimezone(local.tzinfo).replace(fold=0) == local:
        return instant
    return _end_of_gap(instant, ZoneInfo(zone))


def _end_of_gap(instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The transition near `instant`: the first instant that has a wall time again."""
    low, high = instant - DAY, instant + DAY
    before = low.astimezone(zone).utcoffset()
    while high - low > dt.timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def handover_of(rotation: RotationFacts, turn: int) -> dt.datetime:
    """When turn number `turn` begins (0 is the first), in UTC."""
    day = rotation.starts + turn * rotation.length_days * DAY
    return instant_of(day, rotation.handover, rotation.zone)


def turn_at(rotation: RotationFacts, *, at: dt.datetime) -> int | None:
    """The number of the turn that covers `at`; None before the rotation begins or when it has no members."""
    if not rotation.members or at < handover_of(rotation, 0):
        return None
    days = (at.astimezone(ZoneInfo(rotation.zone)).date() - rotation.starts).days
    turn = max(0, days // rotation.length_days)
    if handover_of(rotation, turn) > at:
        return turn - 1
    return turn + 1 if handover_of(rotation, turn + 1) <= at else turn


def holder(rotations: Sequence[RotationFacts], overrides: Sequence[OverrideFacts], *, at: dt.datetime) -> int | None:
    """The user who is on call at `at`: an override, else the first layer that has somebody, else nobody."""
    covering = [override for override in overrides if override.starts <= at < override.ends]
    if covering:
        return max(covering, key=lambda override: override.id).user
    for rotation in rotations:
        turn = turn_at(rotation, at=at)
        if turn is not None:
            return rotation.members[turn % len(rotation.members)]
    return None


def shifts(
    rotations: Sequence[RotationFacts],
    overrides: Sequence[OverrideFacts],
    *,
    start: dt.datetime,
    end: dt.datetime,
) -> list[Held]:
    """Who holds from `start` until `end`, without gaps (nobody is said as None), neighbours of one person joined."""
    moments = {start, end}
    for override in overrides:
        moments |= {moment for moment in (override.starts, override.ends) if start < moment < end}
    for rotation in rotations:
        turn = turn_at(rotation, at=start)
        number = 0 if turn is None else turn + 1
        while rotation.members and (moment := handover_of(rotation, number)) < end:
            if moment > start:
                moments.add(moment)
            number += 1
    ordered = sorted(moments)
    held: list[Held] = []
    for begin, until in pairwise(ordered):
        user = holder(rotations, overrides, at=begin)
        if held and held[-1].user == user:
            held[-1] = Held(user, held[-1].starts, until)
        else:
            held.append(Held(user, begin, until))
    return held
