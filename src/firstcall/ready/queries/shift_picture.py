"""Two weeks of a schedule as a picture: bars of who holds, gaps standing out. Drawn by the template as SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from firstcall.people.models.user import User
from firstcall.ready.queries.oncall import Plan
from firstcall.ready.rules.window import instant_of

DAYS = 14
WIDTH = 1120  # units; a day has 80
ABOUT = 9  # units a letter takes


@dataclass(frozen=True, slots=True)
class Bar:
    """One shift: its place, the name as far as it fits, and how it looks (mine, one, other, gap)."""

    x: float
    width: float
    name: str
    look: str
    user: User | None
    starts: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a day begins."""

    x: float
    day: dt.date


@dataclass(frozen=True, slots=True)
class ShiftPicture:
    """Bars in a field of `WIDTH` units; `until` is where it ends."""

    bars: list[Bar]
    marks: list[Mark]
    until: dt.datetime


def shift_picture(plan: Plan, *, viewer: User, now: dt.datetime, people: Iterable[User]) -> ShiftPicture:
    """From this very day on, by the viewer's clock. No statement of its own."""
    named = {user.pk: user for user in people}
    today = now.astimezone(ZoneInfo(viewer.zone)).date()
    start, end = (instant_of(today + n * dt.timedelta(days=1), dt.time(0), viewer.zone) for n in (0, DAYS))
    whole = (end - start) / WIDTH

    def place(at: dt.datetime) -> float:
        return round((at - start) / whole, 1)

    looks: dict[int, str] = {viewer.pk: "mine"}
    bars = []
    for held in plan.shifts(start=start, end=end):
        user = named.get(held.user or 0)
        look = "gap"
        if user is not None:
            look = looks.setdefault(user.pk, "other" if len(looks) % 2 else "one")
        x, width = place(held.starts), place(held.ends) - place(held.starts)
        name = "" if user is None else _fitting(user.name, width)
        bars.append(Bar(x, round(width, 1), name, look, user, held.starts, held.ends))
    days = (today + n * dt.timedelta(days=1) for n in range(DAYS))
    marks = [Mark(place(instant_of(day, dt.time(0), viewer.zone)), day) for day in days]
    return ShiftPicture(bars, marks, end)


def _fitting(name: str, width: float) -> str:
    """The name, its first part, its first letter, or nothing."""
    for words in (name, name.split(" ", maxsplit=1)[0], name[:1]):
        if len(words) * ABOUT + 8 <= width:
            return words
    return ""
