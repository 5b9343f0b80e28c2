"""Which roles an incident asks for, and who answers for one that is empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from firstcall.kernel.say import mark as _

ROLES = (
    "owner",
    "technical_lead",
    "communications_lead",
    "support_liaison",
    "leadership_liaison",
    "scribe",
)

ASKED: Mapping[str, str] = {
    "owner": _("Nobody owns this yet."),
    "technical_lead": _("Nobody leads the technical work."),
    "communications_lead": _("Nobody is named to talk to customers."),
    "support_liaison": _("Nobody keeps support informed."),
    "leadership_liaison": _("Nobody keeps leadership informed."),
    "scribe": _("Nobody writes things down."),
}

DOES: Mapping[str, tuple[str, ...]] = {
    "owner": (
        _("Accept it, set its severity, name the others."),
        _("See that every promised word goes out."),
        _("Decide, or see that someone does, and that it is written down."),
    ),
    "technical_lead": (
        _("Find what is wrong; say what you lack with ‘I need…’."),
        _("Note what you find. Nobody will ask you for news."),
    ),
    "communications_lead": (
        _("Say the first word in time, then the next one by the promised time."),
        _("Answer the status questions, so that they don't reach the engineers."),
    ),
    "support_liaison": (
        _("Brief support: what to say, what not."),
        _("Bring customers' reports into the room."),
    ),
    "leadership_liaison": (_("Tell leadership where we stand, at the agreed times."),),
    "scribe": (_("Write down what is decided and why."),),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A role and the id of the person who holds it now."""

    role: str
    user: int


def empty_roles(asked: Iterable[str], held: Iterable[Held]) -> tuple[str, ...]:
    """The roles that are asked for and that nobody holds, in the order of ROLES."""
    taken = {one.role for one in held}
    wanted = set(asked)
    return tuple(role for role in ROLES if role in wanted and role not in taken)


def answers_for(role: str, held: Iterable[Held]) -> int | None:
    """Who answers for a role: its holder, or the owner while it is empty; None when there is neither."""
    by_role = {one.role: one.user for one in held}
    return by_role.get(role, by_role.get("owner"))


def roles_answered(user: int, asked: Iterable[str], held: Iterable[Held]) -> frozenset[str]:
    """Every role this person answers for now: held, and for the owner the empty ones that are asked for."""
    held = tuple(held)
    named = {one.role for one in held if one.user == user}
    if "owner" in named:
        named.update(empty_roles(asked, held))
    return frozenset(named)
