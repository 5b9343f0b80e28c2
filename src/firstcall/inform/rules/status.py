"""What a status page says, from what was said publicly, and how sure that still is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.inform.rules.words import sentences
from firstcall.kernel.say import mark as _

WORST = {1: "major_outage", 2: "partial_outage", 3: "degraded_performance", 4: "degraded_performance"}
RANK = ("operational", "degraded_performance", "partial_outage", "major_outage")
INDICATOR = {
    "operational": "none",
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}
OPEN_EVERY = dt.timedelta(minutes=1)
CALM_EVERY = dt.timedelta(minutes=5)
OVER = ("resolved", "closed")
SAYABLE = ("investigating", "identified", "monitoring", "resolved")


@dataclass(frozen=True, slots=True)
class Said:
    """The last public word of an incident: its state and severity as said, and the flow it is about."""

    state: str
    severity: int
    flow: int | None


def _status(word: Said) -> str:
    if word.state in OVER:
        return "operational"
    status = WORST[word.severity]
    return min(status, "degraded_performance", key=RANK.index) if word.state == "monitoring" else status


def component_status(flow: int | None, said: Sequence[Said]) -> str:
    """A component's status in Statuspage's words; green only while nothing open was said about its flow.

    A word about no flow in particular is about every part.
    """
    mine = [_status(word) for word in said if word.flow is None or word.flow == flow]
    return max(mine, key=RANK.index, default="operational")


def page_status(said: Sequence[Said]) -> str:
    """The whole page's: the worst of everything that was said and is not over, whether a part shows it or not."""
    return max((_status(word) for word in said), key=RANK.index, default="operational")


@dataclass(frozen=True, slots=True)
class Word:
    """One public update: the state it told, its text, and whether it only said that nothing is new."""

    state: str
    text: str
    holding: bool


TITLE = 140  # characters


def headline(words: Sequence[Word], *, part: str) -> str:
    """An incident's title for the public, never the room's: what is wrong, as the newest word said that told so.

    `words` are all public ones, oldest first; `part` is what customers call what is hit. A holding update tells nothing
    new, and what is said once a repair is in place is good news: without another word it is the part, and that it
    fails. Once it is over it is the part, and that it failed: what was said then speaks of now.
    """
    if words[-1].state in OVER:
        if not part:
            return _("Our service did not work as it should")
        return _("{part}: did not work as it should").format(part=part)
    telling = [one for one in words if not one.holding and one.state in ("investigating", "identified")]
    if not telling:
        if not part:
            return _("Our service is not working as it should")
        return _("{part}: not working as it should").format(part=part)
    head = sentences(telling[-1].text)[0].rstrip(".")
    return head if len(head) <= TITLE else head[: TITLE - 1] + "…"


def public_state_of(state: str) -> str:
    """The room's state as the public may hear it: triage and closed are words of the house."""
    return {"triage": "investigating", "closed": "resolved"}.get(state, state)


def differs(state: str, *, public: str | None) -> bool:
    """Whether the public was last told another state than the room's. Nothing was told: nothing differs."""
    return public is not None and public != public_state_of(state)


def confirm_due(*, confirmed_at: dt.datetime | None, open_: bool, now: dt.datetime) -> bool:
    """Whether 'last confirmed' must be written again: each minute while something is open, else every five."""
    return confirmed_at is None or now - confirmed_at >= (OPEN_EVERY if open_ else CALM_EVERY)
