"""Holes in who is told beside a path: lanes that reach nobody."""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.kernel.say import mark as _
from firstcall.kernel.say import say
from firstcall.ready.rules.holes.facts import Prepared, ToldFacts
from firstcall.ready.rules.holes.hole import Hole, Looked

WRONG = {
    "left": _("{path} tells {who} ({kind}), who left."),
    "hollow": _("{path} tells {who} ({kind}), where nobody is on call."),
    "owners": _("{path} tells account owners, and no customer with a contract has one."),
    "unverified": _("{path} tells {who} ({kind}), who has verified no way of being reached."),
    "missing": _("{path} tells no founder or CTO, and the severity table wants one told at once."),
}
PRICE = {
    "left": _("Nobody hears of it."),
    "hollow": _("Nobody hears of it."),
    "owners": _("Nobody hears of it: give each customer an account owner."),
    "unverified": _("It goes to the mail address of the account, and nobody knows whether it is read at night."),
    "missing": _("They would hear of it from a customer."),
}


def lane_holes(prepared: Prepared) -> Iterator[Looked]:
    """Of each lane of each path, and of each path that ought to have one."""
    for lane in prepared.lanes:
        yield "people", _lane(lane) if lane.wrong else None


def _lane(lane: ToldFacts) -> Hole:
    page, slug, verb = "path", str(lane.path), say(_("Name someone"))
    if lane.wrong == "unverified":
        page, slug, verb = "person", str(lane.person), say(_("Ask {name}"), name=lane.who)
    elif lane.wrong == "owners":
        page, slug, verb = "customers", "", say(_("Name account owners"))
    elif lane.wrong == "missing":
        page, verb = "lane_new", say(_("Name the founder or CTO"))
    sentence = say(WRONG[lane.wrong], path=lane.name, who=lane.who, kind=lane.kind)
    key = f"lane:{lane.number}" if lane.number else f"leadership:{lane.path}"
    return Hole(key, "people", sentence, say(PRICE[lane.wrong]), page, slug, verb, 1, 0)
