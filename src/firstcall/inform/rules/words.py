"""First drafts for each audience, from facts alone: what is not known is said as not known."""

from __future__ import annotations

from dataclasses import dataclass

from firstcall.kernel.say import mark as _


@dataclass(frozen=True, slots=True)
class Facts:
    """What the room knows. Clocks are already written ('22:54 CET'); empty: not known."""

    title: str
    flow: str = ""
    symptom: str = ""
    since: str = ""
    state: str = "investigating"
    severity: int = 2
    customers: int | None = None
    workaround: str = ""
    prepared: str = ""
    owner: str = ""
    technical_lead: str = ""


DOING = {
    "triage": _("We are looking at it."),
    "investigating": _("Our team is working on it."),
    "identified": _("We know where it comes from and are working on the repair."),
    "monitoring": _("A repair is in place and we are watching that it holds."),
    "resolved": _("It works again."),
    "closed": _("It works again."),
}


def draft(audience: str, facts: Facts) -> str:
    """Words for one audience, ready to be changed."""
    return {"public": _public, "support": _support, "leadership": _leadership}.get(audience, _inside)(facts)


def _public(facts: Facts) -> str:
    what = facts.flow or _("our service")
    since = f" {_('since')} {facts.since}" if facts.since else ""
    if facts.state in ("resolved", "closed"):
        return _("{what} works again. We are sorry for the trouble, and will say here what we change.").format(
            what=what
        )
    parts = [facts.prepared or _("{what} is not working as it should{since}.").format(what=what, since=since)]
    parts.append(DOING.get(facts.state, DOING["investigating"]))
    if facts.workaround:
        parts.append(facts.workaround)
    return " ".join(parts)


def _support(facts: Facts) -> str:
    lines = [facts.title.rstrip(".") + (f" {_('since')} {facts.since}." if facts.since else ".")]
    if facts.customers is not None:
        lines.append(_("{n} customers use it.").format(n=facts.customers))
    lines.append(DOING.get(facts.state, DOING["investigating"]))
    lines.append(facts.workaround or _("There is no way round that we know of."))
    lines.append(_("Please do not say when it will work again, or whose fault it is."))
    return " ".join(lines)


def _leadership(facts: Facts) -> str:
    lines = [
        f"SEV{facts.severity}: {facts.title.rstrip('.')}" + (f", {_('since')} {facts.since}." if facts.since else ".")
    ]
    if facts.customers is not None:
        lines.append(_("{n} customers use it.").format(n=facts.customers))
    lines.append(DOING.get(facts.state, DOING["investigating"]))
    if facts.owner:
        lines.append(_("{name} leads.").format(name=facts.owner))
    if facts.state not in ("resolved", "closed", "monitoring"):
        lines.append(_("When it will work again is not known yet."))
    return " ".join(lines)


def _inside(facts: Facts) -> str:
    lines = [
        f"SEV{facts.severity}: {facts.title.rstrip('.')}" + (f", {_('since')} {facts.since}." if facts.since else ".")
    ]
    lines.append(DOING.get(facts.state, DOING["investigating"]))
    if facts.technical_lead:
        lines.append(_("{name} leads the repair.").format(name=facts.technical_lead))
    if facts.owner:
        lines.append(_("Questions go to {name}, not to the engineers.").format(name=facts.owner))
    return " ".join(lines)


def holding(facts: Facts) -> str:
    """'Nothing new' as a whole sentence: silence would say that nobody is there."""
    return _("Still working on: {title}. Nothing new yet.").format(title=facts.flow or facts.title.rstrip("."))
