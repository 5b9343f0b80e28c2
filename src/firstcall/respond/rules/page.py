"""The words that wake a person: the first line has to work on a lock screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from firstcall.kernel.say import Count, Say, say
from firstcall.kernel.say import mark as _

RANKS = {1: 0, 2: 10, 3: 20, 4: 30}


@dataclass(frozen=True, slots=True)
class Woken:
    """What the first line is made of. `since` is a wall time in the reader's zone; `customers` 0 is 'not known'.
    `because` is why this person is woken, "" when it is not known."""

    reference: str
    severity: int
    flow: str
    title: str
    since: str
    customers: int
    restricted: bool
    because: str = "on_call"
    nobody_answered: bool = False
    practice: bool = False


WHY = {
    "on_call": _("You are on call."),
    "named": _("You are asked because the path names you."),
    "owner": _("You are asked because you own it."),
    "asked": _("You are asked to help."),
    "said_no": _("You are asked because you declined it."),
    "admin": _("Nobody has answered."),
    "": _("You are asked for."),
}


def rank_of(severity: int) -> int:
    """The order among jobs due together: the gravest first."""
    return RANKS.get(severity, 50)


def first_line(woken: Woken) -> Say:
    """'SEV1 Checkout: card payments fail since 22:54, 41 customers. You are on call.' A restricted one says no more
    than its number. Practice says so first."""
    if woken.practice:
        line = first_line(replace(woken, practice=False))
        return Say(_("PRACTICE.") + " " + line.text, line.facts)
    if woken.restricted:
        return say(_("{reference}, restricted. You are asked for."), reference=woken.reference)
    end = WHY["admin" if woken.nobody_answered else woken.because]
    facts: dict[str, object] = {
        "severity": woken.severity,
        "flow": woken.flow,
        "title": woken.title.rstrip("."),
        "since": woken.since,
        "customers": Count(woken.customers, _("{n} customer"), _("{n} customers")),
    }
    where = "SEV{severity} {flow}: {title}" if woken.flow else "SEV{severity}: {title}"
    text = where + (_(" since {since}") if woken.since else "")
    text += ", {customers}. " if woken.customers else ". "
    return Say(text + end, facts)
