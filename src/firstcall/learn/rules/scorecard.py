"""How the incident went by the six mistakes, from its timeline alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from firstcall.kernel.say import mark as _


@dataclass(frozen=True, slots=True)
class Event:
    """A timeline entry: kind, when, and for an update its audience."""

    kind: str
    at: dt.datetime
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """`good` None: the timeline can't say."""

    mistake: str
    good: bool | None
    sentence: str


def scorecard(
    events: Sequence[Event], *, opened_at: dt.datetime, ended_at: dt.datetime, first_inside: int | None
) -> list[Score]:
    """M1 to M6, in order. `first_inside`: minutes the severity allows until support's first word."""
    words = [event for event in events if event.kind in ("update.published", "update.held")]
    return [
        _support(words, opened_at, first_inside),
        Score("M2", None, _("Questions to engineers are not counted yet.")),
        _promises(events),
        _proportion(events),
        _silence(words, opened_at, ended_at),
        _decisions(events),
    ]


def _support(words: Sequence[Event], opened_at: dt.datetime, first_inside: int | None) -> Score:
    told = [word for word in words if word.audience == "support"]
    if not told:
        return Score("M1", False, _("Support was told nothing."))
    minutes = int((told[0].at - opened_at).total_seconds() // 60)
    good = first_inside is None or minutes <= first_inside
    return Score("M1", good, _("Support heard after {n} minutes.").format(n=minutes))


def _promises(events: Sequence[Event]) -> Score:
    sent = sum(1 for event in events if event.kind == "wording.overruled")
    if sent:
        return Score("M3", False, _("{n} updates went out with words the check had marked.").format(n=sent))
    return Score("M3", True, _("No update promised what nobody knew."))


def _proportion(events: Sequence[Event]) -> Score:
    changed = sum(1 for event in events if event.kind == "incident.severity_changed")
    return Score("M4", True, _("The severity was changed {n} times.").format(n=changed))


def _silence(words: Sequence[Event], opened_at: dt.datetime, ended_at: dt.datetime) -> Score:
    moments = [opened_at, *(word.at for word in words), max(ended_at, opened_at)]
    gap = max(int((later - earlier).total_seconds() // 60) for earlier, later in pairwise(moments))
    return Score("M5", gap <= 60, _("The longest silence was {n} minutes.").format(n=gap))


def _decisions(events: Sequence[Event]) -> Score:
    made = sum(1 for event in events if event.kind == "decision.made")
    if made:
        return Score("M6", True, _("{n} decisions are written down with their reason.").format(n=made))
    return Score("M6", False, _("No decision was written down."))
