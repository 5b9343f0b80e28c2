"""Gaps of schedules and of roles beforehand, for readiness, and their hours in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from firstcall.journal.spoken import organisation_zone
from firstcall.kernel.ids import digest
from firstcall.ready.models.flow import Flow
from firstcall.ready.queries.duty import DutyGap, asked_roles, duty_gaps
from firstcall.ready.queries.oncall import Plan
from firstcall.ready.rules.cost import UNKNOWN, Hour, dearest_week, spell_of, whole_hours
from firstcall.ready.rules.duty import EMPTY, UNACCEPTED
from firstcall.ready.rules.gap import Gap, gaps_of, key_of, looked_at
from firstcall.ready.rules.holes.facts import GapFacts, RoleFacts, ScheduleFacts
from firstcall.ready.rules.holes.hole import RANK
from firstcall.ready.rules.severity import SeverityFacts


def schedule_gaps(plan: Plan, week: Sequence[Hour], *, now: dt.datetime) -> ScheduleFacts:
    """The hours in which nobody is on call, with what they cost at most: `week` is what each of its 168 hours costs."""
    zone, (start, end) = organisation_zone(), looked_at(now)
    missing = [(held.starts, held.ends) for held in plan.shifts(start=start, end=end) if held.user is None]
    found = []
    for gap in gaps_of(missing, now=now, zone=zone):
        every = hours_said(gap, now=now, zone=zone) if gap.days else ""
        starts = _from(gap, now)
        found.append(GapFacts(key_of(gap, zone=zone), starts, gap.ends, _price(week, gap, now, zone), every))
    return ScheduleFacts(plan.schedule.pk, plan.schedule.name, tuple(found))


def week_of(flows: Sequence[Flow]) -> tuple[Hour, ...]:
    """What the dearest of these flows costs in each hour of a week."""
    return dearest_week((flow.hour, flow.by_hour) for flow in flows)


def _from(gap: Gap, now: dt.datetime) -> dt.datetime:
    """What comes back is told as a whole, what is under way from now on."""
    return gap.starts if gap.days else max(gap.starts, now)


def _price(week: Sequence[Hour], gap: Gap, now: dt.datetime, zone: ZoneInfo) -> Hour:
    return UNKNOWN if gap.ends is None else spell_of(week, _from(gap, now), gap.ends, zone)


def role_gaps(
    *, now: dt.datetime, plans: Sequence[Plan], flows: Sequence[Flow], table: Mapping[int, SeverityFacts]
) -> tuple[tuple[RoleFacts, ...], int]:  # fmt: skip
    """Each role named beforehand that would be empty or is not accepted, and how many roles have no such hours.

    Of flows that are critical or important; without any, nothing is asked. Three statements at most.
    """
    zone, flows = organisation_zone(), [flow for flow in flows if RANK[flow.criticality] < RANK["minor"]]
    if not flows:
        return (), 0
    roles = asked_roles(table)
    start, end = looked_at(now)
    same: dict[tuple[str, int, tuple[Flow, ...]], list[DutyGap]] = {}
    for gap in duty_gaps(start, end, plans=plans, flows=flows, roles=roles):
        same.setdefault((gap.role, gap.user.pk if gap.user else 0, gap.flows), []).append(gap)
    found = []
    for (role, user, touched), mine in same.items():
        spans = sorted((one.starts, one.ends or end) for one in mine)
        name = mine[0].user.name if mine[0].user else ""
        what = _(UNACCEPTED[role]).format(name=name) if name else _(EMPTY[role])
        where = digest(" ".join(str(flow.pk) for flow in touched))[:12] if touched else "all"
        rank = min(RANK[flow.criticality] for flow in touched or flows)
        week = week_of(touched or flows)
        for one in gaps_of(spans, now=now, zone=zone):
            key = f"role:{role}:{user}:{where}:{key_of(one, zone=zone)}"
            names, hours = ", ".join(flow.name for flow in touched), hours_said(one, now=now, zone=zone)
            lasts = 0 if one.ends is None else whole_hours(one.ends - _from(one, now))
            cost = _price(week, one, now, zone)
            found.append(RoleFacts(key, role, what, name, names, hours, bool(one.days), one.ends, rank, lasts, cost))
    return tuple(found), len(set(roles) - {one.role for one in found})


def hours_said(gap: Gap, *, now: dt.datetime, zone: ZoneInfo) -> str:
    """'Saturday 02:00 to 06:00' for what comes back each week, 'Saturday 5 December, 02:00 to 06:00' for what does not.

    By the clock of `zone`; 'At any hour' where it neither begins nor ends.
    """
    first = gap.starts.astimezone(zone)
    if gap.ends is None:
        if gap.starts <= now:
            return _("At any hour")
        return _("From {day}, {from_} on").format(day=date_format(first, "l j F"), from_=f"{first:%H:%M}")
    last = gap.ends.astimezone(zone)
    # Until midnight is until the end of a day, not until the beginning of the next.
    nights = (last.date() - first.date()).days - (last.time() == dt.time(0))
    day = _days(gap.days) if gap.days else date_format(first, "l j F")
    whole = first.time() == last.time() == dt.time(0)
    if nights <= 1 and not (whole and nights):
        if whole:
            return day
        words = _("{day} {from_} to {to}") if gap.days else _("{day}, {from_} to {to}")
        return words.format(day=day, from_=f"{first:%H:%M}", to=f"{last:%H:%M}")
    until = last - dt.timedelta(minutes=1) if whole else last
    end = str(WEEKDAYS[until.weekday()]) if gap.days else date_format(until, "l j F")
    if whole:
        return (_("{day} and {end}") if nights == 1 else _("{day} to {end}")).format(day=day, end=end)
    return _("{day} {from_} to {end} {to}").format(day=day, end=end, from_=f"{first:%H:%M}", to=f"{last:%H:%M}")


def _days(days: Sequence[int]) -> str:
    """'Saturday', 'Monday and Friday', 'Monday to Friday', 'Every day'."""
    names = [str(WEEKDAYS[day - 1]) for day in days]
    if len(days) == 7:
        return _("Every day")
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("{day} to {end}").format(day=names[0], end=names[-1])
    if len(days) == 1:
        return names[0]
    return _("{days} and {end}").format(days=", ".join(names[:-1]), end=names[-1])
