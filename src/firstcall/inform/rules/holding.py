"""'Nothing new', said once and worded for each audience: silence would say that nobody is there."""

from __future__ import annotations

from firstcall.inform.rules.words import DOING, Facts
from firstcall.kernel.say import mark as _


def holding(audience: str, facts: Facts) -> str:
    """A holding update for one audience, whole and true without anybody typing."""
    title = facts.title.rstrip(".")
    if facts.state == "monitoring":
        still = _("{what}: a repair is in place and we are still watching that it holds.").format(
            what=facts.flow or title
        )
    elif facts.flow:
        still = _("{what} is still not working as it should.").format(what=facts.flow)
    else:
        still = _("{title}: it is not over yet.").format(title=title)
    doing = "" if facts.state == "monitoring" else DOING.get(facts.state, DOING["investigating"])
    nothing = _("There is nothing new to say yet.")
    if audience == "public":
        parts = [still, doing, facts.workaround, nothing]
    elif audience == "support":
        parts = [still, nothing, facts.workaround, _("Please do not say when it will work again.")]
    elif audience == "leadership":
        leads = _("{name} leads.").format(name=facts.owner) if facts.owner else ""
        parts = [f"SEV{facts.severity}: {still}", nothing, leads]
    else:
        parts = [_("Nothing new. Nothing is asked of you.")]
    return " ".join(part for part in parts if part)
