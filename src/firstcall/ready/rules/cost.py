"""What an hour without a flow costs: from the least to the most that the register says, added up in one way.

With a week imported from a file an outage costs what its own hours cost. A week is 168 amounts in whole units of the
currency, Monday 00:00 of a zone first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from firstcall.kernel.say import MoneyRange

HOUR = dt.timedelta(hours=1)
WEEK = 168  # hours
DEAR = 1.5  # times the average hour: from there on an hour is one of the peak


@dataclass(frozen=True, slots=True)
class Hour:
    """From `least` to `most` in whole units of the currency; None: not known. `unpriced` flows are not in it."""

    least: int | None
    most: int | None
    unpriced: int = 0

    @property
    def money(self) -> MoneyRange | None:
        """As a page says it; None while not known."""
        return None if self.least is None or self.most is None else MoneyRange(self.least, self.most)


UNKNOWN = Hour(None, None)


def hour_of(least: int | None, most: int | None) -> Hour:
    """Of one flow, by its register; without an upper end it is one figure."""
    return Hour(None, None, 1) if least is None else Hour(least, least if most is None else most)


def together(hours: Iterable[Hour]) -> Hour:
    """The sum of what is known."""
    rows = list(hours)
    known = [(one.least, one.most) for one in rows if one.least is not None and one.most is not None]
    unpriced = sum(one.unpriced for one in rows)
    if not known:
        return Hour(None, None, unpriced)
    return Hour(sum(least for least, _most in known), sum(most for _least, most in known), unpriced)


def place_of(at: dt.datetime, zone: ZoneInfo) -> int:
    """The hour of the week at an instant, by the clock of `zone`: 0 is Monday 00:00."""
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour


def cost_between(week: Sequence[int], starts: dt.datetime, ends: dt.datetime, zone: ZoneInfo) -> float:
    """What the time from `starts` until `ends` costs, each hour by its own amount, a part of one by its share."""
    total, at = 0.0, starts
    while at < ends:
        local = at.astimezone(zone)
        passed = dt.timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        until = min(ends, at + HOUR - passed)
        total += week[place_of(at, zone)] * ((until - at) / HOUR)
        at = until
    return total


def hour_at(hour: Hour, week: Sequence[int] | None, at: dt.datetime, zone: ZoneInfo) -> Hour:
    """What the hour of an instant costs: by the week where there is one, else `hour`."""
    return hour_of(week[place_of(at, zone)], None) if week else hour


def hour_during(
    hour: Hour, week: Sequence[int] | None, spans: Sequence[tuple[dt.datetime, dt.datetime]], zone: ZoneInfo
) -> Hour:
    """What an hour of these spans costs, of which there is at least one, none empty: by the week, on average, where
    there is one, else `hour`."""
    if not week:
        return hour
    cost = sum(cost_between(week, starts, ends, zone) for starts, ends in spans)
    return hour_of(round(cost / sum((ends - starts) / HOUR for starts, ends in spans)), None)


def dearest_week(flows: Iterable[tuple[Hour, Sequence[int] | None]]) -> tuple[Hour, ...]:
    """What the dearest of several flows costs in each hour of a week, each with its `Hour` and its week.

    From the highest lower end to the highest upper end; not known where no flow has a figure.
    """
    rows = list(flows)
    alike = _dearest([hour for hour, week in rows if not week])
    weeks = [week for _hour, week in rows if week]
    if not weeks:
        return (alike,) * WEEK
    return tuple(_dearest([alike, hour_of(max(amounts), None)]) for amounts in zip(*weeks, strict=True))


def _dearest(hours: Sequence[Hour]) -> Hour:
    known = [(one.least, one.most) for one in hours if one.least is not None and one.most is not None]
    return Hour(*map(max, zip(*known, strict=True))) if known else UNKNOWN


def whole_hours(lasts: dt.timedelta) -> int:
    """As one says how long it lasts: at least one hour."""
    return max(1, round(lasts / HOUR))


def spell_of(week: Sequence[Hour], starts: dt.datetime, ends: dt.datetime, zone: ZoneInfo) -> Hour:
    """What the time from `starts` until `ends` costs, from the least to the most; an hour without a figure is 0."""
    if all(one.money is None for one in week):
        return UNKNOWN
    least, most = ([one.least or 0 for one in week], [one.most or 0 for one in week])
    return Hour(*(round(cost_between(side, starts, ends, zone)) for side in (least, most)))


def dearest(flows: Iterable[tuple[Hour, Sequence[int] | None]]) -> tuple[int, Hour] | None:
    """The dearest hour of the week of several flows together, each with its `Hour` and its week: its place and what it
    costs. None where no flow has a week: then one hour is like another."""
    rows = list(flows)
    weeks = [week for _hour, week in rows if week]
    if not weeks:
        return None
    sums = [sum(amounts) for amounts in zip(*weeks, strict=True)]
    place = max(range(len(sums)), key=sums.__getitem__)
    return place, together(hour_of(week[place], None) if week else hour for hour, week in rows)


def figure_of(week: Sequence[int]) -> tuple[int, int | None]:
    """One figure for a whole week: the average hour, up to the dearest; None where that is the same."""
    average, most = round(sum(week) / len(week)), max(week)
    return average, most if most > average else None


def dear_hours(week: Sequence[int]) -> frozenset[int]:
    """The hours of the week that cost at least half as much again as the average hour: its peak."""
    least = sum(week) / len(week) * DEAR
    return frozenset(place for place, amount in enumerate(week) if amount and amount >= least)
