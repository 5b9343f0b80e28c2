"""Who holds a shift at an instant: the one function that everything asks.

Clock changes: a handover is a wall time of the layer's zone, read by the policy of `window.py`. So a shift of days may
be an hour longer or shorter, and there is never a gap, an overlap or a handover at another wall time than agreed.
A turn that is counted in hours lasts that many hours on a stopwatch, whatever the clocks on the wall do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from firstcall.ready.rules.window import DAY, Window, instant_of, is_within, spans


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


@dataclass(frozen=True, slots=True)
class RotationFacts:
    """A layer: `members` take turns of `length_days` from the handover of `starts` on (wall times of `zone`).

    With `length_hours` a turn is that many hours instead. `until` is the day at whose handover the layer ends.
    `windows` are the hours in which it counts at all, none: always. With `events` its shifts are those of a calendar
    instead, in the order of their beginnings; where two cover an instant, the later one wins.
    """

    members: tuple[int, ...]
    length_days: int
    handover: dt.time
    starts: dt.date
    zone: str
    length_hours: int = 0
    until: dt.date | None = None
    windows: tuple[Window, ...] = ()
    events: tuple[Held, ...] | None = None


def handover_of(rotation: RotationFacts, turn: int) -> dt.datetime:
    """When turn number `turn` begins (0 is the first), in UTC."""
    if rotation.length_hours:
        first = instant_of(rotation.starts, rotation.handover, rotation.zone)
        return first + turn * dt.timedelta(hours=rotation.length_hours)
    day = rotation.starts + turn * rotation.length_days * DAY
    return instant_of(day, rotation.handover, rotation.zone)


def end_of(rotation: RotationFacts) -> dt.datetime | None:
    """When the layer ends, in UTC; None: never."""
    return None if rotation.until is None else instant_of(rotation.until, rotation.handover, rotation.zone)


def turn_at(rotation: RotationFacts, *, at: dt.datetime) -> int | None:
    """The number of the turn that covers `at`; None before the layer begins, after its end, or without members."""
    ends = end_of(rotation)
    if not rotation.members or at < handover_of(rotation, 0) or (ends is not None and at >= ends):
        return None
    if rotation.length_hours:
        return (at - handover_of(rotation, 0)) // dt.timedelta(hours=rotation.length_hours)
    days = (at.astimezone(ZoneInfo(rotation.zone)).date() - rotation.starts).days
    turn = max(0, days // rotation.length_days)
    if handover_of(rotation, turn) > at:
        return turn - 1
    return turn + 1 if handover_of(rotation, turn + 1) <= at else turn


def holder_of(rotation: RotationFacts, *, at: dt.datetime) -> int | None:
    """Whom one layer names at an instant; None: nobody, and the next layer is asked."""
    if not is_within(rotation.windows, rotation.zone, at=at):
        return None
    if rotation.events is not None:
        return next((event.user for event in reversed(rotation.events) if event.starts <= at < event.ends), None)
    turn = turn_at(rotation, at=at)
    return None if turn is None else rotation.members[turn % len(rotation.members)]


def holder(rotations: Sequence[RotationFacts], overrides: Sequence[OverrideFacts], *, at: dt.datetime) -> int | None:
    """The user who is on call at `at`: an override, else the first layer that has somebody, else nobody."""
    covering = [override for override in overrides if override.starts <= at < override.ends]
    if covering:
        return max(covering, key=lambda override: override.id).user
    for rotation in rotations:
        user = holder_of(rotation, at=at)
        if user is not None:
            return user
    return None


def _moments(rotation: RotationFacts, start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """Every instant in between at which this layer may change its mind."""
    if rotation.windows:
        for span in spans(rotation.windows, rotation.zone, start=start, end=end):
            yield span.starts
            yield span.ends
    if rotation.events is not None:
        for event in rotation.events:
            yield event.starts
            yield event.ends
        return
    ends = end_of(rotation)
    if ends is not None:
        yield ends
    first = handover_of(rotation, 0)
    turn = turn_at(rotation, at=max(start, first))
    number = 0 if turn is None else turn
    while rotation.members and (moment := handover_of(rotation, number)) < min(end, ends or end):
        yield moment
        number += 1


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
        moments |= {override.starts, override.ends}
    for rotation in rotations:
        moments.update(_moments(rotation, start, end))
    held: list[Held] = []
    for begin, until in pairwise(sorted(moment for moment in moments if start <= moment <= end)):
        user = holder(rotations, overrides, at=begin)
        if held and held[-1].user == user:
            held[-1] = Held(user, held[-1].starts, until)
        else:
            held.append(Held(user, begin, until))
    return held
