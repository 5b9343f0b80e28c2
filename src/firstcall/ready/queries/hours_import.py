"""The hours of the week that a kept file tells, and how they are drawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.ready.models.flow import Flow
from firstcall.ready.models.preview import Preview
from firstcall.ready.rules.change import DAY_NAMES
from firstcall.ready.rules.hours_import import Week, read_week
from firstcall.ready.rules.table import read_table

SHADES = 5


def week_of(preview: Preview) -> Week:
    """What the file says, or what is wrong with it. No statement."""
    return read_week(read_table(preview.text))


def mark_of(flow: Flow, week: Week) -> str:
    """The same only while the flow's hours and figure are the same. No statement."""
    told = json.dumps([week.hours, flow.by_hour, flow.cost_per_hour, flow.cost_per_hour_most])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class DayPicture:
    """A day of the week: its hours' amounts, and a (place, shade) for each, 0 the palest."""

    name: str
    hours: tuple[int, ...]
    shades: tuple[tuple[int, int], ...]
    y: int


@dataclass(frozen=True, slots=True)
class WeekPicture:
    """Seven days, and the dearest and the cheapest hour in words' worth: (day, hour, amount)."""

    days: tuple[DayPicture, ...]
    dearest: tuple[str, str, int]
    cheapest: tuple[str, str, int]
    total: int


def week_picture(hours: Sequence[int]) -> WeekPicture:
    """As it is drawn; `hours` are 168. No statement."""
    most = max(hours) or 1

    def one(place: int) -> tuple[str, str, int]:
        return DAY_NAMES[place // 24], f"{place % 24:02}:00", hours[place]

    days = []
    for day, name in enumerate(DAY_NAMES):
        mine = tuple(hours[day * 24 : day * 24 + 24])
        shades = tuple((hour * 14, min(SHADES - 1, value * SHADES // most)) for hour, value in enumerate(mine))
        days.append(DayPicture(name, mine, shades, day * 22))
    places = range(len(hours))
    return WeekPicture(
        tuple(days), one(max(places, key=lambda n: hours[n])), one(min(places, key=lambda n: hours[n])), sum(hours)
    )
