"""Holes in staying true: what is due to be confirmed, what nobody owns, actions that are late."""

from __future__ import annotations

from collections.abc import Iterator

from firstcall.kernel.say import Count, say
from firstcall.kernel.say import mark as _
from firstcall.ready.rules.holes.facts import OwedFacts, Prepared
from firstcall.ready.rules.holes.hole import Hole, Looked


def upkeep_holes(prepared: Prepared) -> Iterator[Looked]:
    """One hole a person for all they are to confirm, one for what has no owner, one a late action."""
    for owed in prepared.owed:
        yield "true", _owed(owed) if owed.count else None
    for action in prepared.late:
        yield "true", Hole(
            f"action:{action.number}", "true",
            say(_("{name} was to do it by {due}: {what}"), name=action.owner,
            due=action.due.isoformat(), what=action.what),
            say(_("What was learned once may be learned again.")), "actions", "",
            say(_("Do it, or move its day")), 1, 0,
        )  # fmt: skip
    for _number in range(prepared.on_time):
        yield "true", None


def _owed(owed: OwedFacts) -> Hole:
    count = Count(owed.count, _("{n} thing"), _("{n} things"))
    if owed.number == 0:
        sentence = say(
            _("{count} that we prepared have no owner, among them {example}."), count=count, example=owed.example
        )
        price = say(_("Nobody will say when it is no longer true."))
    else:
        sentence = say(_("{name} is to say of {count} whether they still hold."), name=owed.name, count=count)
        price = say(_("Among them {example}."), example=owed.example)
    return Hole(f"owed:{owed.number}", "true", sentence, price, "to_confirm", "", say(_("Look at them")), 2, 0)
