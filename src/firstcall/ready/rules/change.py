"""Whether a change falls into a peak, or outside of the hours in which releases may happen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from firstcall.kernel.say import Say, Term, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.window import Window, is_within

DAY_NAMES = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


@dataclass(frozen=True, slots=True)
class Peak:
    """A flow's peak: `days` are ISO weekdays ('5' is Friday, '' every day), `starts` and `ends` whole wall hours."""

    flow: str
    days: str
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hours in which releases may happen, by the clock of `zone`."""

    window: Window
    zone: str


def in_peak(peak: Peak, *, at: dt.datetime, zone: str) -> bool:
    """Whether this instant is a peak hour, by the clock of `zone`."""
    local = at.astimezone(ZoneInfo(zone))
    return str(local.isoweekday()) in (peak.days or "1234567") and peak.starts <= local.hour < peak.ends


def judge_change(*, at: dt.datetime, peaks: Iterable[Peak], allowed: tuple[Allowed, ...], zone: str) -> tuple[Say, ...]:
    """What is wrong with its time, in words; empty: nothing. `allowed` empty: releases may happen at any time."""
    found = []
    for peak in peaks:
        if in_peak(peak, at=at, zone=zone):
            day = DAY_NAMES[at.astimezone(ZoneInfo(zone)).weekday()]
            text = _("during {flow}’s peak ({day} {hours})")
            found.append(say(text, flow=peak.flow, day=Term(day), hours=f"{peak.starts}–{peak.ends}"))
    if allowed and not any(is_within((one.window,), one.zone, at=at) for one in allowed):
        found.append(say(_("outside the release window")))
    return tuple(found)
