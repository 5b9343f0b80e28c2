"""Promised words as prompts: who must tell whom by when, one prompt for all who are due together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from firstcall.desk.standing import Standing
from firstcall.inform.models.update import Audience
from firstcall.inform.rules.cadence import Clock
from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.people.models.user import User
from firstcall.people.rules.access import can
from firstcall.respond.rules.queue import Order, Prompt

SOON = dt.timedelta(minutes=10)  # a promise this far off asks for nothing yet
SPEAKS_FOR = {
    "inside": "owner",
    "support": "support_liaison",
    "leadership": "leadership_liaison",
    "public": "communications_lead",
}
TELL = {
    "inside": _("Tell the team where we stand."),
    "support": _("Tell support where we stand."),
    "leadership": _("Tell leadership where we stand."),
    "public": _("Tell customers where we stand."),
}
FIRST = {
    "inside": _("Tell the team what is going on."),
    "support": _("Brief support: what to say, what not."),
    "leadership": _("Tell leadership what is going on."),
    "public": _("Say the first word to customers."),
}


def word_prompts(me: User, standing: Standing, *, now: dt.datetime) -> Iterator[Prompt]:
    """What this person must say soon. Audiences that are due at the same moment are told in one go."""
    mine = standing.roles_of(me)
    together: dict[tuple[dt.datetime, bool], list[tuple[Clock, str]]] = {}
    for clock in standing.clocks:
        role = SPEAKS_FOR[clock.audience]
        if clock.due_at is None or clock.due_at - now > SOON:
            continue
        # The owner is asked as well once it is late, or when nobody who can send words speaks to this audience.
        backs_up = "owner" in mine and (clock.due_at <= now or not _can_send(standing, role))
        if role in mine or backs_up:
            asked = role if role in mine else "owner"
            together.setdefault((clock.due_at, clock.last_at is None), []).append((clock, asked))
    for (due_at, first), clocks in together.items():
        yield from _one_act(standing, [clock for clock, _role in clocks], clocks, due_at=due_at, first=first)


def _one_act(
    standing: Standing, clocks: list[Clock], asked: list[tuple[Clock, str]], *, due_at: dt.datetime, first: bool
) -> Iterator[Prompt]:
    """The same prompt once for each role it is asked of: the queue shows it once and names the roles."""
    incident = standing.incident
    told = [clock.last_at for clock in clocks if clock.last_at is not None]
    for role in dict.fromkeys(role for _clock, role in asked):
        yield Prompt(
            order=Order.PROMISE,
            key=f"clock:{incident.pk}:{'+'.join(clock.audience for clock in clocks)}",
            fact=due_at.isoformat(),
            sentence=_sentence([clock.audience for clock in clocks], first=first),
            note=say(_("Last word {at}. ‘Nothing new’ counts too."), at=min(told)) if told else None,
            verb=say(_("Post update")) if first else say(_("Send holding update")),
            target=reverse("update" if first else "holding", args=[incident.pk]),
            other_verb=None if first else say(_("Write one")),
            other_target="" if first else reverse("update", args=[incident.pk]),
            due_at=due_at,
            severity=incident.severity,
            role=role,
        )


def _sentence(audiences: list[str], *, first: bool) -> Say:
    if len(audiences) == 1:
        return say((FIRST if first else TELL)[audiences[0]])
    names = ", ".join(str(Audience(one).label).lower() for one in audiences)
    if first:
        return say(_("Say the first word: {who}."), who=names)
    return say(_("Say where we stand: {who}."), who=names)


def _can_send(standing: Standing, role: str) -> bool:
    holder = next((one.user for one in standing.holdings if one.role == role), None)
    return holder is not None and can(holder.access, "communicate")
