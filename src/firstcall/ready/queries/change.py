"""The change calendar, and the last changes of what a flow needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from firstcall.kernel.say import Say
from firstcall.ready.models.change import Change, ReleaseWindow
from firstcall.ready.models.flow import Criticality, Flow
from firstcall.ready.queries.flow import flows_by_criticality
from firstcall.ready.queries.ripple import the_net
from firstcall.ready.rules.change import Allowed, Peak, judge_change, peak_hours
from firstcall.ready.rules.cost import dear_hours
from firstcall.ready.rules.ripple import Net
from firstcall.ready.rules.window import Window

DAYS, BEFORE = 14, 7
RECENT = dt.timedelta(hours=24)
MOST = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """A change, the flows it may touch by name, and what is wrong with its time."""

    change: Change
    touches: tuple[str, ...]
    wrong: tuple[Say, ...]
    planned: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of a day in minutes from its midnight: a peak, with its flow."""

    starts: int
    length: int
    flow: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar by the organisation's clock; `peaks` and the `marks` of changes in minutes."""

    day: dt.date
    today: bool
    peaks: tuple[Hours, ...]
    marks: tuple[tuple[int, bool], ...]
    changes: tuple[Judged, ...]


class Judge:
    """The map, the peaks and the release windows, read once. Four statements at most."""

    def __init__(self, *, zone: str) -> None:
        self.zone = zone
        self._net: Net = the_net()
        self.flows: list[Flow] = list(flows_by_criticality())
        self._windows = list(ReleaseWindow.objects.all())

    def judge(self, change: Change, *, now: dt.datetime) -> Judged:
        """By the peaks of the flows it may touch; when nobody said what it is of, by those of all critical flows."""
        flows = self._touched(change)
        names = tuple(flow.name for flow in flows) if change.component_id or change.flow_id else ()
        peaks = [peak for flow in flows if (peak := peak_of(flow)) is not None]
        allowed = self._allowed(change, {flow.pk for flow in flows})
        wrong = judge_change(at=change.at, peaks=peaks, allowed=allowed, zone=self.zone)
        return Judged(change, names, wrong, change.at > now)

    def _touched(self, change: Change) -> list[Flow]:
        if change.component_id is None and change.flow_id is None:
            return [flow for flow in self.flows if flow.criticality == Criticality.CRITICAL]
        hit = {change.flow_id}
        if change.component_id is not None:
            reached = self._net.ripple(("component", change.component_id))
            hit |= {one.node[1] for one in reached if one.node[0] == "flow"}
        return [flow for flow in self.flows if flow.pk in hit]

    def _allowed(self, change: Change, flows: set[int]) -> tuple[Allowed, ...]:
        """The windows of the part itself, else of the flows it touches, else those for everything."""
        own = [row for row in self._windows if row.component_id and row.component_id == change.component_id]
        own = own or [row for row in self._windows if row.flow_id in flows]
        general = [row for row in self._windows if row.component_id is None and row.flow_id is None]
        return tuple(_allowed(row) for row in own or general)


def peak_of(flow: Flow) -> Peak | None:
    """The flow's peak: as somebody said it, else the dear hours of its imported week; None when none is known."""
    if flow.peak_from is not None and flow.peak_to is not None:
        return Peak(flow.name, peak_hours(flow.peak_days, flow.peak_from, flow.peak_to))
    hours = dear_hours(flow.by_hour) if flow.by_hour else frozenset()
    return Peak(flow.name, hours) if hours else None


def _allowed(row: ReleaseWindow) -> Allowed:
    return Allowed(Window(frozenset(int(day) for day in row.days), row.starts, row.ends), row.zone)


def change_calendar(*, now: dt.datetime, zone: str) -> list[Day]:
    """Two weeks around today, the latest day first. Five statements at most."""
    today = now.astimezone(ZoneInfo(zone)).date()
    days = [today + dt.timedelta(days=number) for number in range(DAYS - BEFORE - 1, -BEFORE - 1, -1)]
    first = dt.datetime.combine(days[-1], dt.time(), ZoneInfo(zone))
    last = dt.datetime.combine(days[0] + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    rows = Change.objects.filter(at__gte=first, at__lt=last).select_related("component", "flow")[:MOST]
    judge = Judge(zone=zone)
    by_day: dict[dt.date, list[Judged]] = {}
    for row in rows:
        by_day.setdefault(row.at.astimezone(ZoneInfo(zone)).date(), []).append(judge.judge(row, now=now))
    return [_day(day, today, judge.flows, by_day.get(day, []), ZoneInfo(zone)) for day in days]


def _day(day: dt.date, today: dt.date, flows: Iterable[Flow], changes: list[Judged], zone: ZoneInfo) -> Day:
    found = [peak for flow in flows if (peak := peak_of(flow)) is not None]
    peaks = tuple(
        Hours(starts * 60, (ends - starts) * 60, peak.flow)
        for peak in found
        for starts, ends in peak.of_day(day.weekday())
    )
    locals_ = [(one.change.at.astimezone(zone), bool(one.wrong)) for one in changes]
    marks = tuple((at.hour * 60 + at.minute, wrong) for at, wrong in locals_)
    return Day(day, day == today, peaks, marks, tuple(changes))


def last_changes(flow: Flow, *, now: dt.datetime, since: dt.datetime | None = None, most: int = 3) -> list[Change]:
    """What was changed of this flow, or of a part it needs at any depth, in the 24 hours before `since` (None: now) and
    until `now`, the last first. Three statements at most.
    """
    rows = Change.objects.filter(at__gt=(since or now) - RECENT, at__lte=now).select_related("component", "flow")
    recent = [row for row in rows[:MOST] if row.component_id or row.flow_id]
    if not recent:
        return []
    needed = {number for noun, number in the_net().needed_by(("flow", flow.pk)) if noun == "component"}
    return [row for row in recent if row.flow_id == flow.pk or row.component_id in needed][:most]
