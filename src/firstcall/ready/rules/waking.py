"""Whether a severity pages now, in the morning, or nobody at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.severity import SeverityFacts
from firstcall.ready.rules.severity_rule import hour


@dataclass(frozen=True, slots=True)
class Waking:
    """`at` is when the path begins: this very instant, the coming morning, or None for never. `reason` says why."""

    kind: Literal["now", "later", "never"]
    at: dt.datetime | None
    reason: Say


def decide_waking(rule: SeverityFacts, *, now: dt.datetime, zone: ZoneInfo) -> Waking:
    """From the row of the severity table; its waking hours are wall time of `zone`, the organisation's."""
    n = rule.severity
    if rule.wakes == "never":
        return Waking("never", None, say(_("SEV{n} wakes nobody: it waits for the digest."), n=n))
    if rule.wakes == "always":
        return Waking("now", now, say(_("SEV{n} wakes people at any hour."), n=n))
    local = now.astimezone(zone)
    start, end = hour(rule.waking_from), hour(rule.waking_to)
    if rule.waking_from <= local.hour < rule.waking_to:
        return Waking("now", now, say(_("SEV{n} pages from {start} until {end}."), n=n, start=start, end=end))
    day = local.date() + dt.timedelta(days=1 if local.hour >= rule.waking_to else 0)
    at = dt.datetime.combine(day, dt.time(rule.waking_from), zone).astimezone(dt.UTC)
    reason = say(_("SEV{n} wakes nobody at night: it pages from {start} until {end}."), n=n, start=start, end=end)
    return Waking("later", at, reason)
