"""How the incident went by the six mistakes, from its timeline alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from firstcall.kernel.say import Count, Say, say
from firstcall.kernel.say import mark as _
from firstcall.respond.rules.impact import Span, minutes_of, within

WORDS = ("update.published", "update.held")


@dataclass(frozen=True, slots=True)
class Event:
    """A timeline entry: kind, when, for an update its audience, and the entry's facts."""

    kind: str
    at: dt.datetime
    audience: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """`good` None: the timeline can't say."""

    mistake: str
    good: bool | None
    sentence: Say


def scorecard(
    events: Sequence[Event],
    *,
    opened_at: dt.datetime,
    work: Sequence[Span],
    first_inside: int | None,
    support: bool = True,
) -> list[Score]:
    """M1 to M6, in order. `work` is when its room was open: while it was over nobody waited for a word.

    `first_inside`: minutes the severity allows until support's first word; None: no limit. Without anybody
    of `support` that nobody told them is left out: it is no mistake.
    """
    words = [event for event in events if event.kind in WORDS]
    asked = support or any(word.audience == "support" for word in words)
    return [
        *([_support(words, opened_at, first_inside)] if asked else []),
        _pressure(events),
        _promises(events),
        _proportion(events),
        _silence(events, words, work, first_inside),
        _decisions(events),
    ]


def _minutes(n: int) -> Count:
    return Count(n, _("{n} minute"), _("{n} minutes"))


def _support(words: Sequence[Event], opened_at: dt.datetime, first_inside: int | None) -> Score:
    told = [word for word in words if word.audience == "support"]
    if not told:
        return Score("M1", None if first_inside is None else False, say(_("Support was told nothing.")))
    minutes = max(0, int((told[0].at - opened_at).total_seconds() // 60))
    good = first_inside is None or minutes <= first_inside
    return Score("M1", good, say(_("Support heard after {n}."), n=_minutes(minutes)))


def _pressure(events: Sequence[Event]) -> Score:
    """Asking engineers for news beside the agreed look-ins is the mistake, as they themselves noted it."""
    asked = Count(
        sum(1 for event in events if event.kind == "look_in.due"), _("{n} agreed look-in"), _("{n} agreed look-ins")
    )
    spared = sum(1 for event in events if event.kind == "question.answered")
    times = sum(1 for event in events if event.kind == "engineer.interrupted")
    if times:
        interruptions = Count(times, _("{n} time"), _("{n} times"))
        return Score("M2", False, say(_("Engineers were asked for news {times} beside {asked}."),
                                      times=interruptions, asked=asked))  # fmt: skip
    if asked.n:
        return Score("M2", True, say(_("Engineers had {asked} and noted no question in between."), asked=asked))
    if spared:
        answered = Count(spared, _("{n} question was"), _("{n} questions were"))
        return Score("M2", True, say(_("{answered} answered without an engineer."), answered=answered))
    return Score("M2", None, say(_("No look-in was due and no engineer noted an interruption.")))


def _promises(events: Sequence[Event]) -> Score:
    """A time of repair without a basis is the mistake; other marked words are no promise."""
    early = [event for event in events if event.kind == "wording.overruled" and _kinds(event) & {"eta", "eta_vague"}]
    if early:
        updates = Count(len(early), _("{n} update"), _("{n} updates"))
        return Score("M3", False, say(_("{updates} promised a time with no basis."), updates=updates))
    return Score("M3", True, say(_("No update promised what nobody knew.")))


def _kinds(event: Event) -> set[str]:
    kinds = event.facts.get("kinds")
    return {str(kind) for kind in kinds} if isinstance(kinds, list) else set()


def _proportion(events: Sequence[Event]) -> Score:
    """Calling it graver than it was is the mistake; raising it is not."""
    changes = [event for event in events if event.kind == "incident.severity_changed"]
    if not changes:
        return Score("M4", True, say(_("The severity it began with held.")))
    first, last = changes[0].facts.get("before"), changes[-1].facts.get("after")
    if isinstance(first, int) and isinstance(last, int) and first < last:
        return Score("M4", False, say(_("It began as SEV{first} and turned out SEV{last}."), first=first, last=last))
    return Score("M4", True, say(_("The severity followed the facts: SEV{first}, then SEV{last}."), first=first or "?",
                                 last=last or "?"))  # fmt: skip


def _silence(events: Sequence[Event], words: Sequence[Event], work: Sequence[Span], first_inside: int | None) -> Score:
    """A promised word that did not come in time; where nobody is promised anything, nobody is failed."""
    missed = sum(1 for event in events if event.kind == "clock.missed")
    if missed:
        times = Count(missed, _("{n} promised word"), _("{n} promised words"))
        return Score("M5", False, say(_("{times} did not come in time."), times=times))
    ends = (work[0][0], work[-1][1]) if work else ()
    moments = sorted((*ends, *(word.at for word in words)))
    gap = max((minutes_of(within(earlier, later, work)) for earlier, later in pairwise(moments)), default=0)
    good = bool(words) or first_inside is None
    return Score("M5", good, say(_("The longest silence was {n}."), n=_minutes(gap)))


def _decisions(events: Sequence[Event]) -> Score:
    made = sum(1 for event in events if event.kind == "decision.made")
    if made:
        decisions = Count(made, _("{n} decision is written down"), _("{n} decisions are written down"))
        return Score("M6", True, say(_("{decisions}, with the reason."), decisions=decisions))
    return Score("M6", False, say(_("No decision was written down.")))
