"""Whether a change falls into a peak, or outside of the hours in which releases may happen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from firstcall.kernel.say import Say, Term, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.cost import place_of
from firstcall.ready.rules.window import Window, is_within

DAY_NAMES = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


@dataclass(frozen=True, slots=True)
class Peak:
    """A flow's peak: `hours` of the week by the organisation's clock, 0 is Monday 00:00."""

    flow: str
    hours: frozenset[int]

    def of_day(self, day: int) -> list[tuple[int, int]]:
        """The stretches of a day (0 is Monday) in whole wall hours: from, until before."""
        found: list[tuple[int, int]] = []
        for hour in range(24):
            if day * 24 + hour in self.hours:
                begins = found.pop()[0] if found and found[-1][1] == hour else hour
                found.append((begins, hour + 1))
        return found


def peak_hours(days: str, starts: int, ends: int) -> frozenset[int]:
    """Hours of the week: from `starts` until before `ends` on `days`, ISO weekdays ('5' is Friday, '' every day)."""
    return frozenset((int(day) - 1) * 24 + hour for day in days or "1234567" for hour in range(starts, ends))


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hours in which releases may happen, by the clock of `zone`."""

    window: Window
    zone: str


def in_peak(peak: Peak, *, at: dt.datetime, zone: str) -> bool:
    """Whether this instant is a peak hour, by the clock of `zone`."""
    return place_of(at, ZoneInfo(zone)) in peak.hours


def judge_change(*, at: dt.datetime, peaks: Iterable[Peak], allowed: tuple[Allowed, ...], zone: str) -> tuple[Say, ...]:
    """What is wrong with its time, in words; empty: nothing. `allowed` empty: releases may happen at any time."""
    found = []
    for peak in peaks:
        if in_peak(peak, at=at, zone=zone):
            day, hour = divmod(place_of(at, ZoneInfo(zone)), 24)
            starts, ends = next(span for span in peak.of_day(day) if span[0] <= hour < span[1])
            text = _("during {flow}’s peak ({day} {hours})")
            found.append(say(text, flow=peak.flow, day=Term(DAY_NAMES[day]), hours=f"{starts}–{ends}"))
    if allowed and not any(is_within((one.window,), one.zone, at=at) for one in allowed):
        found.append(say(_("outside the release window")))
    return tuple(found)
