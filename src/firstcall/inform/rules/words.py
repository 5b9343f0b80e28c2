"""First drafts for each audience, from facts alone: what is not known is said as not known."""

from __future__ import annotations

from dataclasses import dataclass

from firstcall.kernel.say import mark as _


@dataclass(frozen=True, slots=True)
class Facts:
    """What the room knows. Clocks are already written ('22:54 CET'); empty: not known.

    `scale` is how many customers use what is hit ('41 of 220'); `prepared` are the words for customers that somebody
    wrote on a quiet day.
    """

    title: str
    flow: str = ""
    symptom: str = ""
    since: str = ""
    state: str = "investigating"
    severity: int = 2
    scale: str = ""
    workaround: str = ""
    prepared: str = ""
    owner: str = ""
    technical_lead: str = ""
    repair: str = ""
    basis: str = ""


DOING = {
    "triage": _("We are looking at it."),
    "investigating": _("Our team is working on it."),
    "identified": _("We know where it comes from and are working on the repair."),
    "monitoring": _("A repair is in place and we are watching that it holds."),
    "resolved": _("It works again."),
    "closed": _("It works again."),
}
OVER = ("resolved", "closed")


def draft(audience: str, facts: Facts) -> str:
    """Words for one audience, ready to be changed."""
    lines = {"public": _public, "support": _support, "leadership": _leadership}.get(audience, _inside)(facts)
    return " ".join(line.strip() for line in lines if line.strip())


def _since(facts: Facts) -> str:
    return _(" since {since}").format(since=facts.since) if facts.since else ""


def _repair(facts: Facts) -> str:
    """A time of repair is said only with what it rests on."""
    if not facts.repair or not facts.basis or facts.state in OVER:
        return ""
    return _("We expect it to work again by {at}: {basis}.").format(at=facts.repair, basis=facts.basis.rstrip("."))


def _seen(facts: Facts) -> str:
    """The prepared words without what we do about it: that follows from the state, and is said once."""
    words = facts.prepared
    for doing in DOING.values():
        words = words.replace(doing, "")
    return " ".join(words.split())


def _public(facts: Facts) -> list[str]:
    what = facts.flow or _("Our service")
    if facts.state in OVER:
        return [_("{what} works again.").format(what=what), _("We are sorry, and will say here what we change.")]
    seen = _seen(facts) or _("{what} is not working as it should{since}.").format(what=what, since=_since(facts))
    return [seen, DOING.get(facts.state, DOING["investigating"]), facts.workaround, _repair(facts)]


def _support(facts: Facts) -> list[str]:
    lines = [f"{facts.title.rstrip('.')}{_since(facts)}."]
    if facts.state in OVER:
        return [*lines, DOING[facts.state], _("Please tell us of anybody for whom it does not.")]
    if facts.scale:
        lines.append(_("{scale} customers use it.").format(scale=facts.scale))
    lines.append(DOING.get(facts.state, DOING["investigating"]))
    lines.append(facts.workaround or _("There is no way round that we know of."))
    lines.append(_repair(facts) or _("Please do not say when it will work again, or whose fault it is."))
    return lines


def _leadership(facts: Facts) -> list[str]:
    lines = [f"SEV{facts.severity}: {facts.title.rstrip('.')}{_since(facts)}."]
    if facts.scale:
        lines.append(_("{scale} customers use it.").format(scale=facts.scale))
    lines.append(DOING.get(facts.state, DOING["investigating"]))
    if facts.owner:
        lines.append(_("{name} leads.").format(name=facts.owner))
    if facts.state not in (*OVER, "monitoring"):
        lines.append(_repair(facts) or _("When it will work again is not known yet."))
    return lines


def _inside(facts: Facts) -> list[str]:
    lines = [
        f"SEV{facts.severity}: {facts.title.rstrip('.')}{_since(facts)}.",
        DOING.get(facts.state, DOING["investigating"]),
    ]
    if facts.state in OVER:
        return lines
    if facts.technical_lead:
        lines.append(_("{name} leads the repair.").format(name=facts.technical_lead))
    if facts.owner:
        lines.append(_("Questions go to {name}, not to the engineers.").format(name=facts.owner))
    return lines
