"""Holes in who does what: hours in which a role would be empty, or with somebody who has not accepted it."""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.kernel.say import Count, Term, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.holes.facts import Prepared, RoleFacts
from firstcall.ready.rules.holes.hole import Hole, Looked

PRICE = {
    "owner": _("Until somebody steps forward nobody decides."),
    "technical_lead": _("Until somebody answers a page nobody leads the repair."),
    "communications_lead": _("Until somebody is found customers hear nothing."),
    "support_liaison": _("Until somebody is found support answers without words."),
    "leadership_liaison": _("Until somebody is found leadership asks the engineers."),
}


def role_holes(prepared: Prepared) -> Iterator[Looked]:
    """Of each role some severity asks for: a hole for each of its gaps, or it holds."""
    for role in prepared.roles:
        yield "people", _role(role)
    for _number in range(prepared.held):
        yield "people", None


def _role(role: RoleFacts) -> Hole:
    if role.flows:
        sentence = say(_("{when}, for {flows}: {what}."), when=role.hours, what=role.what, flows=role.flows)
    else:
        sentence = say(_("{when}: {what}."), when=role.hours, what=role.what)
    verb = say(_("Ask {name}"), name=role.name) if role.name else say(_("Name someone"))
    page = "duties" if role.name else "duty_new"
    price = say(PRICE[role.role])
    if not role.name and role.lasts and role.cost.most:
        long = Count(role.lasts, _("{n} hour"), _("{n} hours"))
        text = _("{why} If something stands still for all of these {hours}: about {cost}.")
        price = say(text, why=Term(PRICE[role.role]), hours=long, cost=role.cost.money)
    return Hole(
        role.key, "people", sentence, price, page, "", verb, role.rank, 0,
        None if role.weekly else role.ends,
    )  # fmt: skip
