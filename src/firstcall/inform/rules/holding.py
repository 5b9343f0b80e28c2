"""'Nothing new', said once and worded for each audience: silence would say that nobody is there."""

from __future__ import annotations

from firstcall.inform.rules.words import BROKEN, DOING, Facts, as_customers_say, compose, draft, named
from firstcall.kernel.say import mark as _


def holding(audience: str, facts: Facts, *, first: bool = False) -> str:
    """A holding update for one audience, whole and true without anybody typing.

    `first`: they have heard nothing yet, so that 'still' and 'nothing new' would mean nothing; they get their first
    word, with what was prepared for them. Once it is over there is always something new to say.
    """
    if first or facts.state in ("resolved", "closed"):
        return draft(audience, facts)
    facts = as_customers_say(facts) if audience == "public" else facts
    broken = facts.state in BROKEN
    # The room's title is a word of the house: the public never reads it.
    what = named(facts.flow) or (_("Our service") if audience == "public" else f"‘{facts.title.rstrip('.')}’")
    if not broken and (facts.flow or audience == "public"):
        still = _("A repair is in place for {what}, and we are still watching that it holds.").format(
            what=named(facts.flow) or _("our service")
        )
    elif not broken:
        still = _("{what}: a repair is in place, and we are still watching that it holds.").format(what=what)
    elif facts.some and facts.flow:
        still = _("{what} is still not working as it should for some customers.").format(what=what)
    elif facts.flow or audience == "public":
        still = _("{what} is still not working as it should.").format(what=what)
    else:
        still = _("{what} is not over yet.").format(what=what)
    doing = DOING.get(facts.state, DOING["investigating"]) if broken else ""
    nothing = _("There is nothing new to say yet.")
    if audience == "public":
        return compose([still, doing, facts.workaround if broken else "", nothing])
    if audience == "support":
        asked = _("Please do not say when it will work again.") if broken else ""
        return compose([still, nothing, facts.workaround if broken else "", asked])
    if audience == "leadership":
        leads = _("{name} leads.").format(name=facts.owner) if facts.owner else ""
        return compose([f"SEV{facts.severity}: {still}", nothing, leads])
    return compose([_("Nothing new. Nothing is asked of you.")])
