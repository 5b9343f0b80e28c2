"""Whether a lane opens: who is not on call is told of what is grave enough, at once or when nobody answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firstcall.kernel.say import Count, Say, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.severity import SeverityFacts


@dataclass(frozen=True, slots=True)
class LaneFacts:
    """Opens for severity `severity` or graver; `after_minutes` 0: at once, else only while nobody has answered.

    `when` 'contract': only if a customer with a contract is hit; 'provider': only if a provider it needs is unwell.
    """

    severity: int
    after_minutes: int
    when: str = "always"


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around an incident: a customer with a contract that is hit, providers that are unwell."""

    customer: str = ""
    providers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether it opens now, and why, or why not."""

    opens: bool
    reason: Say


def lane_facts(lane: Mapping[str, Any], rule: SeverityFacts) -> LaneFacts:
    """A lane of a frozen plan as it counts for a severity: one that tells the leadership at once waits for nothing."""
    severity, after, when = int(lane["severity"]), int(lane["after_minutes"]), str(lane.get("when", "always"))
    if lane["kind"] == "leadership" and rule.tells_leadership:
        return LaneFacts(max(severity, rule.severity), 0)
    return LaneFacts(severity, after, when)


def opens_at(lane: LaneFacts, *, begins: dt.datetime) -> dt.datetime:
    """When a lane of a path that begins at `begins` is decided."""
    return begins + dt.timedelta(minutes=lane.after_minutes)


ONLY = {
    "contract": (
        _("As soon as a customer with a contract is hit, for {which}"),
        _("If a customer with a contract is hit and nobody answers within {minutes}, for {which}"),
    ),
    "provider": (
        _("As soon as a provider says that it is unwell, for {which}"),
        _("If a provider says that it is unwell and nobody answers within {minutes}, for {which}"),
    ),
}


def condition(lane: LaneFacts) -> Say:
    """'At once, for SEV1' or 'If nobody answers within 10 minutes, for SEV2 or graver'."""
    grave = _("SEV{n}") if lane.severity == 1 else _("SEV{n} or graver")
    which = say(grave, n=lane.severity)
    words = which.text.format(n=lane.severity)
    if lane.when in ONLY:
        minutes = Count(lane.after_minutes, _("{n} minute"), _("{n} minutes"))
        text = ONLY[lane.when][bool(lane.after_minutes)]
        return say(text, minutes=minutes, which=words)
    if not lane.after_minutes:
        return say(_("At once, for {which}"), which=words)
    minutes = Count(lane.after_minutes, _("{n} minute"), _("{n} minutes"))
    return say(_("If nobody answers within {minutes}, for {which}"), minutes=minutes, which=words)


def decide_lane(lane: LaneFacts, *, severity: int, is_open: bool, answered: bool, around: Around = Around()) -> Opening:
    """At its time, or when the severity or what is `around` it changes.

    An answer keeps only those closed that wait for one.
    """
    if not is_open:
        return Opening(False, say(_("it is over")))
    if severity > lane.severity:
        return Opening(False, say(_("it is only SEV{n}"), n=severity))
    if lane.after_minutes and answered:
        return Opening(False, say(_("somebody has it")))
    if lane.when == "contract":
        if not around.customer:
            return Opening(False, say(_("no customer with a contract is hit")))
        return Opening(True, say(_("{name}, who has a contract, is hit"), name=around.customer))
    if lane.when == "provider":
        if not around.providers:
            return Opening(False, say(_("no provider it needs says that it is unwell")))
        return Opening(True, say(_("{name} says that it is unwell"), name=", ".join(around.providers)))
    if lane.after_minutes:
        minutes = Count(lane.after_minutes, _("{n} minute"), _("{n} minutes"))
        return Opening(True, say(_("nobody has answered for {minutes}"), minutes=minutes))
    return Opening(True, say(_("it is SEV{n}"), n=severity))
