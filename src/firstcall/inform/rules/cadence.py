"""When each audience must hear: the first word, then the promised rhythm. The numbers are the severity table's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from firstcall.inform.rules.status import OVER
from firstcall.ready.rules.severity import SeverityFacts

AUDIENCES = ("inside", "support", "leadership", "public")
WARN = dt.timedelta(minutes=5)
ALONE = 3  # with fewer people than this in the room all audiences' clocks fall together


@dataclass(frozen=True, slots=True)
class Clock:
    """`due_at` None: nothing is promised. `state`: none, waiting, soon (within five minutes) or late.

    `heard` False: nobody is there to hear. Customers wait all the same, so the public's clock runs on; to an audience
    without anybody in it nothing is owed.
    """

    audience: str
    last_at: dt.datetime | None
    due_at: dt.datetime | None
    first: bool
    state: Literal["none", "waiting", "soon", "late"]
    heard: bool = True


def fall_together(people: int) -> bool:
    """Whether one act must serve every audience, because `people` in the room are too few for a word each."""
    return people < ALONE


def _own(audience: str, rule: SeverityFacts, *, first: bool) -> int | None:
    if audience == "public":
        return rule.first_public if first else rule.next_public
    if audience == "leadership" and "leadership_liaison" not in rule.roles:
        return None
    return rule.first_inside if first else rule.next_inside


def minutes_for(audience: str, rule: SeverityFacts, *, first: bool, together: bool = False) -> int | None:
    """What the table promises an audience, in minutes; leadership only where it has a liaison by the table.

    `together`: everybody who is promised anything hears when the first of them must.
    """
    mine = _own(audience, rule, first=first)
    if mine is None or not together:
        return mine
    everyone = [_own(one, rule, first=first) for one in AUDIENCES]
    return min(minutes for minutes in everyone if minutes is not None)


def clock(
    *,
    audience: str,
    rule: SeverityFacts,
    began_at: dt.datetime,
    last_at: dt.datetime | None,
    promised_at: dt.datetime | None,
    open_: bool,
    now: dt.datetime,
    together: bool = False,
    heard: bool = True,
) -> Clock:
    """One audience's clock. `began_at`: when the incident was opened; `promised_at`: what the last word promised.

    A promise that was given stands, whatever the table says; only what is not promised yet falls together.
    """
    if not open_ or (not heard and audience != "public"):
        return Clock(audience, last_at, None, last_at is None, "none", heard)
    if last_at is None:
        minutes = minutes_for(audience, rule, first=True, together=together)
        due = None if minutes is None else began_at + dt.timedelta(minutes=minutes)
    else:
        minutes = minutes_for(audience, rule, first=False, together=together)
        due = promised_at or (None if minutes is None else last_at + dt.timedelta(minutes=minutes))
    return Clock(audience, last_at, due, last_at is None, _state(due, now), heard)


def _state(due: dt.datetime | None, now: dt.datetime) -> Literal["none", "waiting", "soon", "late"]:
    if due is None:
        return "none"
    if due <= now:
        return "late"
    return "soon" if due - now <= WARN else "waiting"


def next_due(audience: str, rule: SeverityFacts, *, now: dt.datetime, together: bool = False) -> dt.datetime | None:
    """What an update sent now promises, unless its writer says another time."""
    minutes = minutes_for(audience, rule, first=False, together=together)
    return None if minutes is None else now + dt.timedelta(minutes=minutes)


def owed_the_end(state: str, told: Mapping[str, str]) -> tuple[str, ...]:
    """Who was told that something is wrong and not yet that it is over, once the incident in `state` is.

    `told` is the state each audience heard of last.
    """
    if state not in OVER:
        return ()
    return tuple(audience for audience in AUDIENCES if audience in told and told[audience] not in OVER)
