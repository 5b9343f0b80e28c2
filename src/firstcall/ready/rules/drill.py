"""How long the first steps took in a game day, and which of them nobody ticked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Walked:
    """One first step of `part` ('noun:id', called `name`) as it stood: ticked at `at` by `who`, or by nobody (None)."""

    part: str
    name: str
    step: str
    at: dt.datetime | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """A step that was ticked: how long after the game day began, and after the tick before (the first: the same)."""

    walked: Walked
    since_start: dt.timedelta
    since_before: dt.timedelta


@dataclass(frozen=True, slots=True)
class Walk:
    """`paces` in the order of their ticks; `left` are the steps nobody ticked, in the order they stand in."""

    paces: tuple[Pace, ...]
    left: tuple[Walked, ...]


def walk_of(steps: Iterable[Walked], *, begun_at: dt.datetime) -> Walk:
    """What was walked, and how fast. A tick from before the beginning (clocks differ) counts as at the beginning."""
    steps = list(steps)
    ticked = sorted(((one.at, one) for one in steps if one.at is not None), key=lambda pair: pair[0])
    paces, before = [], begun_at
    for at, one in ticked:
        at = max(at, before)
        paces.append(Pace(one, at - begun_at, at - before))
        before = at
    return Walk(tuple(paces), tuple(one for one in steps if one.at is None))


def whole_parts(steps: Iterable[Walked]) -> frozenset[str]:
    """The parts of which every step was ticked."""
    steps = list(steps)
    return frozenset(one.part for one in steps) - frozenset(one.part for one in steps if one.at is None)
