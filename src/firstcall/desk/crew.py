"""What the people of one incident ask of each other: look-ins, care, hand-overs, news, and where the owner is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from firstcall.desk.standing import Standing
from firstcall.kernel.say import Say, say
from firstcall.kernel.say import mark as _
from firstcall.people.models.user import User
from firstcall.people.rules.access import can
from firstcall.respond.models.care_check import CareCheck
from firstcall.respond.models.handover import Handover
from firstcall.respond.models.look_in import LookIn
from firstcall.respond.models.ring import Ring
from firstcall.respond.rules.care_check import hours_at_work
from firstcall.respond.rules.queue import Order, Prompt


def crew_prompts(me: User, standing: Standing, *, now: dt.datetime) -> Iterator[Prompt]:
    """For everyone asked by name, whatever their access; and for those who respond."""
    for offer in standing.handovers:
        yield from _handover(me, standing, offer)
    for check in standing.care_checks:
        if check.user_id == me.pk and check.ended_at is None and not check.answer:
            yield _all_right(standing, check, now=now)
    for ring in standing.rings:
        if ring.asked_id == me.pk or (ring.asked_id is None and "owner" in standing.roles_of(me)):
            yield _ring(standing, ring)
    if can(me.access, "respond"):
        yield from _look_ins(me, standing)
        yield from _care(me, standing)
        yield from _take_over(me, standing)
        yield from _news(me, standing)


def _at(standing: Standing, name: str, *more: int) -> str:
    return reverse(name, args=[standing.incident.pk, *more])


def _call(person: User) -> tuple[Say | None, str]:
    """A call as the second button, where there is a number."""
    return (say(_("Call {name}"), name=person.name), f"tel:{person.phone}") if person.phone else (None, "")


def _ring(standing: Standing, ring: Ring) -> Prompt:
    provider = ring.provider
    sentence = say(_("Ring {name}."), name=provider.name)
    if provider.phone and provider.contract:
        facts = {"phone": provider.phone, "contract": provider.contract}
        sentence = say(_("Ring {name}: {phone}, contract {contract}."), name=provider.name, **facts)
    elif provider.phone:
        sentence = say(_("Ring {name}: {phone}."), name=provider.name, phone=provider.phone)
    return Prompt(
        order=Order.QUESTION,
        key=f"ring:{ring.pk}",
        fact="asked",
        sentence=sentence,
        note=None if provider.phone else say(_("Its number is not written down: look for it in the contract.")),
        verb=say(_("I have rung")),
        target=_at(standing, "rung", ring.pk),
        how="post",
        other_verb=say(_("Call {phone}"), phone=provider.phone) if provider.phone else None,
        other_target=f"tel:{provider.phone}" if provider.phone else "",
        severity=standing.incident.severity,
    )


def _look_ins(me: User, standing: Standing) -> Iterator[Prompt]:
    mine = standing.roles_of(me)
    for one in standing.look_ins:
        if one.ended_at is None and one.asked_id == me.pk:
            yield _look_in(standing, one)
        elif one.ended_at is None and one.late_at is not None and "owner" in mine:
            yield _unanswered(standing, one)
    newest = next(iter(standing.look_ins), None)
    if newest is not None and newest.kept_at is None and "owner" in mine:
        yield _still(standing, newest)


def _look_in(standing: Standing, one: LookIn) -> Prompt:
    every = standing.rule.look_in
    return Prompt(
        order=Order.QUESTION,
        key=f"look_in:{one.pk}",
        fact=one.due_at.isoformat(),
        sentence=say(_("Do you have what you need? Is anything blocked?")),
        note=say(_("Asked every {n} minutes, as agreed. Nobody asks in between."), n=every) if every else None,
        verb=say(_("I have all I need")),
        target=_at(standing, "look_in_answered", one.pk),
        how="post",
        other_verb=say(_("I need…")),
        other_target=_at(standing, "need_ask"),
        severity=standing.incident.severity,
        role="technical_lead",
    )


def _unanswered(standing: Standing, one: LookIn) -> Prompt:
    other_verb, other_target = _call(one.asked)
    return Prompt(
        order=Order.EMPTY_ROLE,
        key=f"look_in_late:{one.pk}",
        fact="late",
        sentence=say(_("{name} has not answered the look-in of {at}."), name=one.asked.name, at=one.due_at),
        note=say(_("Deep in it, or gone? See once, then name somebody else if need be.")),
        verb=say(_("Name someone")),
        target=f"{_at(standing, 'roles')}?role=technical_lead",
        other_verb=other_verb,
        other_target=other_target,
        severity=standing.incident.severity,
        role="owner",
    )


def _still(standing: Standing, one: LookIn) -> Prompt:
    severity = standing.incident.severity
    return Prompt(
        order=Order.QUESTION,
        key=f"still:{one.pk}",
        fact=str(severity),
        sentence=say(_("A look-in at {at}: is this still SEV{severity}?"), at=one.due_at, severity=severity),
        note=say(_("Down as readily as up. {name} was asked what is missing."), name=one.asked.name),
        verb=say(_("Still SEV{severity}"), severity=severity),
        target=_at(standing, "severity_kept"),
        how="post",
        fields=(("severity", str(severity)),),
        other_verb=say(_("Change it")),
        other_target=_at(standing, "incident_severity"),
        severity=severity,
        role="owner",
    )


def _all_right(standing: Standing, check: CareCheck, *, now: dt.datetime) -> Prompt:
    hours = hours_at_work(check.since, now=now)
    return Prompt(
        order=Order.QUESTION,
        key=f"care:{check.pk}",
        fact=check.asked_at.isoformat(),
        sentence=say(_("You have been at this for {n} hours. Are you all right?"), n=hours),
        note=say(_("Being relieved is no failure. Tired people make the next incident.")),
        verb=say(_("I am all right")),
        target=_at(standing, "care_answered"),
        how="post",
        fields=(("answer", "fine"),),
        other_verb=say(_("Relieve me")),
        other_target=_at(standing, "care_answered"),
        other_fields=(("answer", "relief"),),
        severity=standing.incident.severity,
    )


def _care(me: User, standing: Standing) -> Iterator[Prompt]:
    """Who wants relief, to the owner; food and rest, to who speaks with leadership, or the owner."""
    mine, incident = standing.roles_of(me), standing.incident
    for check in standing.care_checks:
        offered = any(one.giver_id == check.user_id for one in standing.handovers)
        if "owner" in mine and check.answer == "relief" and check.ended_at is None and not offered:
            role = next((one.role for one in standing.holdings if one.user_id == check.user_id), "")
            yield Prompt(
                order=Order.BLOCKED,
                key=f"relief:{check.pk}",
                fact="relief",
                sentence=say(_("{name} wants to be relieved."), name=check.user.name),
                verb=say(_("Name someone")),
                target=f"{_at(standing, 'roles')}?role={role}",
                due_at=check.answered_at,
                severity=incident.severity,
                role="owner",
            )
    unseen = [one for one in standing.care_checks if one.seen_at is None]
    led = any(one.role == "leadership_liaison" for one in standing.holdings)
    if unseen and ("leadership_liaison" in mine or ("owner" in mine and not led)):
        names = ", ".join(dict.fromkeys(one.user.name for one in unseen))
        yield Prompt(
            order=Order.QUESTION,
            key=f"food:{incident.pk}",
            fact=",".join(str(one.pk) for one in unseen),
            sentence=say(_("{names}: hours at work. Bring food, see that they rest."), names=names),
            note=say(_("Ask how they are, not when it will be fixed. Founder or lead: this one is yours.")),
            verb=say(_("Seen to")),
            target=_at(standing, "care_seen"),
            how="post",
            severity=incident.severity,
        )


def _handover(me: User, standing: Standing, offer: Handover) -> Iterator[Prompt]:
    incident = standing.incident
    role = str(offer.get_role_display()).lower()
    if offer.taker_id == me.pk:
        yield Prompt(
            order=Order.EMPTY_ROLE,
            key=f"handover:{offer.pk}",
            fact=offer.offered_at.isoformat(),
            sentence=say(_("{name} hands over to you: {role}."), name=offer.giver.name, role=role),
            verb=say(_("Read and answer")),
            target=_at(standing, "handover", offer.pk),
            due_at=offer.offered_at,
            severity=incident.severity,
        )
    elif offer.giver_id == me.pk and offer.late_at is not None:
        other_verb, other_target = _call(offer.taker)
        yield Prompt(
            order=Order.EMPTY_ROLE,
            key=f"handover_late:{offer.pk}",
            fact="late",
            sentence=say(_("{name} has not answered: {role} is still yours."), name=offer.taker.name, role=role),
            verb=say(_("Ask someone else")),
            target=f"{_at(standing, 'hand_over')}?role={offer.role}",
            other_verb=other_verb,
            other_target=other_target,
            severity=incident.severity,
        )


def _take_over(me: User, standing: Standing) -> Iterator[Prompt]:
    """The owner gives no sign: asked of everyone else who responds."""
    for one in standing.holdings:
        if one.role == "owner" and one.quiet_since is not None and one.user_id != me.pk:
            other_verb, other_target = _call(one.user)
            yield Prompt(
                order=Order.EMPTY_ROLE,
                key=f"quiet:{one.pk}",
                fact=one.quiet_since.isoformat(),
                sentence=say(
                    _("{name} owns this and gives no sign since {at}. Take over?"),
                    name=one.user.name,
                    at=one.quiet_since,
                ),
                note=say(_("A promised word is late. {name} can take it back at any time."), name=one.user.name),
                verb=say(_("I own it")),
                target=_at(standing, "role_take"),
                how="post",
                fields=(("role", "owner"),),
                other_verb=other_verb,
                other_target=other_target,
                severity=standing.incident.severity,
            )


def _news(me: User, standing: Standing) -> Iterator[Prompt]:
    """Questions go to who speaks with customers, else to the owner; never to the engineers."""
    mine = standing.roles_of(me)
    led = any(one.role == "communications_lead" for one in standing.holdings)
    if not ("communications_lead" in mine or ("owner" in mine and not led)):
        return
    for one in standing.questions:
        yield Prompt(
            order=Order.QUESTION,
            key=f"question:{one.pk}",
            fact=one.asked_at.isoformat(),
            sentence=say(_("{name} asks: {what}"), name=one.asked_by.name, what=one.text),
            note=say(_("The engineers do not see this.")),
            verb=say(_("Answer")),
            target=_at(standing, "question_answer", one.pk),
            severity=standing.incident.severity,
            role="communications_lead" if led else "owner",
        )
