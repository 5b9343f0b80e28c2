"""Where an incident may go from where it is, and which moves need a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _

STATES = ("triage", "investigating", "identified", "monitoring", "resolved", "closed")
OPEN = STATES[:4]

MOVES: dict[str, tuple[str, ...]] = {
    "triage": ("investigating", "closed"),
    "investigating": ("identified", "monitoring", "resolved"),
    "identified": ("investigating", "monitoring", "resolved"),
    "monitoring": ("investigating", "identified", "resolved"),
    "resolved": ("investigating", "monitoring", "closed"),
    "closed": ("investigating",),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a move can't be made, and the field that is about."""

    said: Say
    field: str


def next_states(state: str) -> tuple[str, ...]:
    """Where an incident may go from `state`, forward first."""
    return tuple(sorted(MOVES[state], key=lambda to: (STATES.index(to) < STATES.index(state), STATES.index(to))))


def decide_move(
    state: str, to: str, *, reason: str, firing: Sequence[str] = (), all_the_same: bool = False
) -> Objection | None:
    """May an incident in `state` become `to`? Going back and declining need a reason; standing still is refused.

    While alerts of it fire (`firing` are their titles) it is resolved only with a reason and `all_the_same`.
    """
    if to not in STATES:
        return Objection(say(_("There is no such state.")), "state")
    if to == state:
        return Objection(say(_("It is in this state already.")), "state")
    if to not in MOVES[state]:
        if state == "triage":
            return Objection(say(_("Accept it first: it is still in triage.")), "state")
        return Objection(say(_("It can't go there from where it is.")), "state")
    over_anyway = to == "resolved" and bool(firing)
    if over_anyway and not all_the_same:
        what = ", ".join(firing)
        words = _("This still fires: {what}. If it is over all the same, say so, and why.")
        return Objection(say(words, what=what), "all_the_same")
    back = STATES.index(to) < STATES.index(state)
    declined = state == "triage" and to == "closed"
    if (back or declined or over_anyway) and not reason.strip():
        return Objection(say(_("Say why: the reason is kept on the timeline.")), "reason")
    return None


def decide_severity(severity: int, to: int, *, reason: str) -> Objection | None:
    """May a person change the severity? Down as readily as up, always with a reason."""
    if not 1 <= to <= 4:
        return Objection(say(_("Choose SEV1, SEV2, SEV3 or SEV4.")), "severity")
    if to == severity:
        return Objection(say(_("It has this severity already.")), "severity")
    if not reason.strip():
        return Objection(say(_("Say why: the reason is kept on the timeline.")), "reason")
    return None
