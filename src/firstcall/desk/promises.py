"""Promised words as prompts: who must tell whom by when, one prompt for all who are due together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from firstcall.desk.standing import Standing
from firstcall.inform.models.update import Audience
from firstcall.inform.rules.cadence import Clock
from firstcall.inform.rules.reach import nobody_hears
from firstcall.inform.rules.status import differs
from firstcall.kernel.say import Say, Term, say
from firstcall.kernel.say import mark as _
from firstcall.people.models.user import User
from firstcall.people.rules.access import can
from firstcall.respond.models.incident import State
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
    """What this person must say soon. Audiences that are due at the same moment are told in one go.

    A word that nobody could read is not asked for: what is missing is asked for in its place.
    """
    together: dict[tuple[dt.datetime, bool], list[tuple[Clock, str]]] = {}
    public_due = False
    for clock in standing.clocks:
        if clock.due_at is None or clock.due_at - now > SOON:
            continue
        public_due = public_due or clock.audience == Audience.PUBLIC
        asked = asked_to_tell(me, standing, clock.audience, late=clock.due_at <= now)
        if asked and not clock.heard:
            yield _no_page(standing, clock, asked)
        elif asked:
            together.setdefault((clock.due_at, clock.last_at is None), []).append((clock, asked))
    for (due_at, first), clocks in together.items():
        yield from _one_act(standing, [clock for clock, _role in clocks], clocks, due_at=due_at, first=first)
    if not public_due:
        yield from _moved_on(me, standing)


def asked_to_tell(me: User, standing: Standing, audience: str, *, late: bool) -> str:
    """The role in which this person must tell an audience; empty: they need not.

    The owner is asked as well once it is late, or when nobody who can send words speaks to this audience.
    """
    mine, role = standing.roles_of(me), SPEAKS_FOR[audience]
    if role in mine:
        return role
    return "owner" if "owner" in mine and (late or not _can_send(standing, role)) else ""


def _no_page(standing: Standing, clock: Clock, asked: str) -> Prompt:
    incident = standing.incident
    return Prompt(
        order=Order.PROMISE,
        key=f"no-page:{incident.pk}",
        fact=clock.due_at.isoformat() if clock.due_at else "",
        sentence=nobody_hears(clock.audience, incident.flow.name if incident.flow else ""),
        note=say(_("Customers wait for a word, and none would reach them. One tap makes the page.")),
        verb=say(_("Make the page")),
        target=reverse("update", args=[incident.pk]),
        due_at=clock.due_at,
        severity=incident.severity,
        role=asked,
    )


def _differs(standing: Standing) -> Say | None:
    """'The public was told ‘Investigating’; the room says ‘Identified’.' while that is so."""
    public, incident = standing.told.get("public"), standing.incident
    if public is None or not differs(incident.state, public=public):
        return None
    return say(
        _("Customers were told ‘{public}’; the room says ‘{room}’."),
        public=Term(str(State(public).label)),
        room=Term(str(State(incident.state).label)),
    )


def _moved_on(me: User, standing: Standing) -> Iterator[Prompt]:
    """The room knows more than the public was told, and no word is due yet: suggest one, worded for that state."""
    sentence, asked = _differs(standing), asked_to_tell(me, standing, "public", late=False)
    public = next((one for one in standing.clocks if one.audience == Audience.PUBLIC), None)
    if sentence is not None and asked and public is not None and public.heard:
        incident = standing.incident
        yield Prompt(
            order=Order.QUESTION,
            key=f"moved-on:{incident.pk}",
            fact=f"{standing.told.get('public')}:{incident.state}",
            sentence=sentence,
            note=say(_("The words for it are ready.")),
            verb=say(_("Tell them")),
            target=reverse("update", args=[incident.pk]),
            severity=incident.severity,
            role=asked,
        )


def _one_act(
    standing: Standing, clocks: list[Clock], asked: list[tuple[Clock, str]], *, due_at: dt.datetime, first: bool
) -> Iterator[Prompt]:
    """The same prompt once for each role it is asked of: the queue shows it once and names the roles."""
    incident, names = standing.incident, [clock.audience for clock in clocks]
    told = [clock.last_at for clock in clocks if clock.last_at is not None]
    moved = _differs(standing) if Audience.PUBLIC in names else None  # then 'nothing new' would not be true
    note = say(_("Last word {at}. ‘Nothing new’ counts too."), at=min(told)) if told else None
    update, holding = reverse("update", args=[incident.pk]), reverse("holding", args=[incident.pk])
    for role in dict.fromkeys(role for _clock, role in asked):
        yield Prompt(
            order=Order.PROMISE,
            key=f"clock:{incident.pk}:{'+'.join(names)}",
            fact=due_at.isoformat(),
            sentence=_sentence(names, first=first),
            note=moved or note,
            verb=say(_("Post update")) if first or moved else say(_("Send holding update")),
            target=update if first or moved else holding,
            other_verb=None if first or moved else say(_("Write one")),
            other_target="" if first or moved else update,
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
