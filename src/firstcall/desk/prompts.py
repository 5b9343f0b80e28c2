"""What wants a person, as prompts for the one queue. The queue's order is respond's rule; here it is fed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as translated

from firstcall.desk.crew import crew_prompts
from firstcall.desk.over import over_prompts
from firstcall.desk.promises import SOON, word_prompts
from firstcall.desk.standing import Standing
from firstcall.kernel.say import Say, Term, say
from firstcall.kernel.say import mark as _
from firstcall.people.models.user import User
from firstcall.people.rules.access import can
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.escalation import EscalationState
from firstcall.respond.models.incident import Incident, State
from firstcall.respond.models.need import Need
from firstcall.respond.rules.need import waiting_of
from firstcall.respond.rules.queue import Act, Order, Prompt
from firstcall.respond.rules.role import ASKED


def prompts_for(
    me: User, standings: Sequence[Standing], calls: Sequence[CallBack], *, now: dt.datetime
) -> list[Prompt]:
    """Everything that wants this person now, unsorted."""
    found: list[Prompt] = [*_calls(me, calls, now=now)]
    for standing in standings:
        found += (replace(one, room=standing.incident.pk) for one in _of(me, standing, now=now))
    return found


def _of(me: User, standing: Standing, *, now: dt.datetime) -> Iterator[Prompt]:
    """What one incident wants of this person."""
    yield from _pages(me, standing)
    yield from _needs(me, standing, now=now)
    if standing.incident.is_open and standing.incident.state != State.TRIAGE:
        yield from crew_prompts(me, standing, now=now)
    if not can(me.access, "respond"):
        return
    if standing.incident.state == State.TRIAGE:
        yield from _triage(standing)
    elif not standing.incident.is_open:
        yield from over_prompts(me, standing)
    else:
        yield from word_prompts(me, standing, now=now)
        yield from _roles(me, standing)
        yield from _questions(me, standing, now=now)


def _at(incident: Incident, name: str = "room") -> str:
    return reverse(name, args=[incident.pk])


def _calls(me: User, calls: Sequence[CallBack], *, now: dt.datetime) -> Iterator[Prompt]:
    """A call that is not due soon stands last: seen, and in nobody's way."""
    for call in calls:
        if call.owner_id == me.pk:
            yield Prompt(
                order=Order.PROMISE if call.due_at - now <= SOON else Order.RECORD,
                key=f"call:{call.pk}",
                fact=call.due_at.isoformat(),
                sentence=say(_("Call {customer} back."), customer=call.customer_name),
                verb=say(_("I have called")),
                target=reverse("call_back_done", args=[call.pk]),
                how="post",
                other_verb=say(_("Call {phone}"), phone=call.phone) if call.phone else None,
                other_target=f"tel:{call.phone}" if call.phone else "",
                due_at=call.due_at,
                severity=call.incident.severity if call.incident else 4,
                room=call.incident_id,
            )


def _pages(me: User, standing: Standing) -> Iterator[Prompt]:
    """Nobody has it yet: for those who were paged, and for everyone once the path is exhausted."""
    run, incident = standing.escalation, standing.incident
    if run is None:
        return
    mine = any(page.user_id == me.pk and not page.answer for page in run.pages.all())
    if run.state == EscalationState.RUNNING and mine:
        yield Prompt(
            order=Order.PROMISE,
            key=f"page:{run.pk}",
            fact=str(run.step),
            sentence=say(_("You are paged for {reference}. Do you have it?"), reference=incident.reference),
            how="post",
            due_at=run.next_at,
            verb=say(_("I have it")),
            target=_at(incident, "have_it"),
            severity=incident.severity,
        )
    elif run.state == EscalationState.EXHAUSTED and can(me.access, "respond"):
        yield Prompt(
            order=Order.PROMISE,
            key=f"nobody:{run.pk}",
            fact="exhausted",
            sentence=say(_("Nobody answered for {reference}. Take it, or wake someone."), reference=incident.reference),
            how="post",
            due_at=run.ended_at,
            other_verb=say(_("Wake someone")),
            other_target=_at(incident, "bring_in"),
            verb=say(_("I have it")),
            target=_at(incident, "have_it"),
            severity=incident.severity,
        )


def _triage(standing: Standing) -> Iterator[Prompt]:
    incident = standing.incident
    yield Prompt(
        order=Order.QUESTION,
        key=f"triage:{incident.pk}",
        fact="triage",
        sentence=say(_("Does this hurt customers, or will it soon?")),
        note=say("{reason}", reason=incident.reason) if incident.reason else None,
        verb=say(_("Yes, work on it")),
        target=_at(incident, "incident_accept"),
        how="post",
        other_verb=say(_("No, let it go")),
        other_target=_at(incident, "incident_decline"),
        also=tuple(
            Act(
                say(_("Join {reference}: {title}"), reference=one.reference, title=one.title),
                _at(incident, "incident_join"),
                (("into", str(one.pk)),),
            )
            for one in standing.same
        ),
        severity=incident.severity,
    )


def _needs(me: User, standing: Standing, *, now: dt.datetime) -> Iterator[Prompt]:
    """Asked of who has it; of the owner when it is late or with nobody; and told to who waits."""
    owns = "owner" in standing.roles_of(me)
    for need in standing.needs:
        waiting = waiting_of(asked_at=need.asked_at, due_at=need.due_at, now=now)
        if need.with_whom_id == me.pk:
            yield _need(
                need, standing, sentence=say(_("{who} waits for: {what}."), who=need.asked_by.name, what=need.what)
            )
        elif need.asked_by_id == me.pk:
            with_whom = need.with_whom.name if need.with_whom else ""
            asked = (
                say(_("{whom} was asked {at}. Nobody will ask you for news."), whom=with_whom, at=need.asked_at)
                if with_whom
                else say(_("Asked {at}. Nobody will ask you for news."), at=need.asked_at)
            )
            yield Prompt(
                order=Order.QUESTION,
                key=f"wait:{need.pk}",
                fact=str(need.with_whom_id),
                sentence=say(_("You wait for: {what}."), what=need.what),
                note=asked,
                verb=say(_("I have it now")),
                target=reverse("need_met", args=[standing.incident.pk, need.pk]),
                how="post",
                severity=standing.incident.severity,
            )
        elif owns and (waiting.is_late or need.with_whom is None):
            whom = need.with_whom
            sentence = (
                say(
                    _("{who} waits for: {what}, with {whom}."),
                    who=need.asked_by.name, what=need.what, whom=whom.name,
                )
                if whom
                else say(_("{who} waits for: {what}. Nobody was asked."), who=need.asked_by.name, what=need.what)
            )  # fmt: skip
            yield _need(need, standing, sentence=sentence)


def _need(need: Need, standing: Standing, *, sentence: Say) -> Prompt:
    whom = need.with_whom
    return Prompt(
        order=Order.BLOCKED if need.blocks else Order.QUESTION,
        key=f"need:{need.pk}",
        fact=need.due_at.isoformat(),
        sentence=sentence,
        verb=say(_("It is there")),
        target=reverse("need_met", args=[standing.incident.pk, need.pk]),
        how="post",
        other_verb=say(_("Call {name}"), name=whom.name) if whom and whom.phone else None,
        other_target=f"tel:{whom.phone}" if whom and whom.phone else "",
        due_at=need.due_at,
        severity=standing.incident.severity,
    )


def _roles(me: User, standing: Standing) -> Iterator[Prompt]:
    incident = standing.incident
    empty = standing.empty()
    if "owner" in empty:
        yield Prompt(
            order=Order.EMPTY_ROLE,
            key=f"role:{incident.pk}:owner",
            fact="owner",
            sentence=say(ASKED["owner"]),
            note=say(_("One person decides and sees that every word goes out.")),
            verb=say(_("I own it")),
            target=_at(incident, "role_take"),
            how="post",
            fields=(("role", "owner"),),
            other_verb=say(_("Name someone")),
            other_target=_at(incident, "roles"),
            severity=incident.severity,
        )
        return
    if "owner" not in standing.roles_of(me):
        return
    if standing.escalation is None and standing.rule.wakes != "never" and not incident.practice:
        yield Prompt(
            order=Order.EMPTY_ROLE,
            key=f"path:{incident.pk}",
            fact="nobody was paged",
            sentence=say(_("Nobody was paged. Who needs to know now?")),
            note=say(_("Someone on call, the founder or CTO, the hardest hit customers, the vendor.")),
            verb=say(_("Wake someone")),
            target=_at(incident, "bring_in"),
            severity=incident.severity,
            role="owner",
        )
    for role in empty:
        yield Prompt(
            order=Order.EMPTY_ROLE,
            key=f"role:{incident.pk}:{role}",
            fact=role,
            sentence=say(ASKED[role]),
            note=say(_("Until then it is you.")),
            verb=say(_("Name someone")),
            target=f"{_at(incident, 'roles')}?role={role}",
            severity=incident.severity,
            role="owner",
        )


def _questions(me: User, standing: Standing, *, now: dt.datetime) -> Iterator[Prompt]:
    mine = standing.roles_of(me)
    if mine & {"owner", "technical_lead"}:
        yield from _decisions(standing, now=now)
    if "owner" in mine:
        yield from _severity(standing)
        yield from _facts(standing.incident)


def _severity(standing: Standing) -> Iterator[Prompt]:
    """It was said before its flow was: asked once more, until somebody says it anew or that it stands."""
    incident = standing.incident
    if standing.proposed is None or incident.flow is None:
        return
    severity, why = standing.proposed
    yield Prompt(
        order=Order.QUESTION,
        key=f"severity:{incident.pk}",
        fact=f"{incident.flow_id}:{severity}:{incident.severity}",
        sentence=say(
            _("SEV{severity} was said before ‘{flow}’ was; by the table it is SEV{proposed}: {why}."),
            severity=incident.severity,
            flow=incident.flow.name,
            proposed=severity,
            why=Term(why),
        ),
        note=say(_("Down as readily as up. Nothing changes until you say so.")),
        verb=say(_("Make it SEV{n}"), n=severity),
        target=_at(incident, "incident_severity"),
        how="post",
        fields=(("severity", str(severity)), ("reason", translated(why))),
        other_verb=say(_("Still SEV{severity}"), severity=incident.severity),
        other_target=_at(incident, "severity_kept"),
        other_fields=(("severity", str(incident.severity)),),
        severity=incident.severity,
        role="owner",
    )


def _decisions(standing: Standing, *, now: dt.datetime) -> Iterator[Prompt]:
    """Open questions whose time to look again has come."""
    for one in standing.decisions:
        if one.decided_at is None and one.look_again_at is not None and one.look_again_at - now <= SOON:
            yield Prompt(
                order=Order.QUESTION,
                key=f"decision:{one.pk}",
                fact=one.look_again_at.isoformat(),
                sentence=say(_("Decide, or look again later: {question}"), question=one.question),
                verb=say(_("Compare")),
                target=reverse("decision_compare", args=[standing.incident.pk, one.pk]),
                due_at=one.look_again_at,
                severity=standing.incident.severity,
            )


def _facts(incident: Incident) -> Iterator[Prompt]:
    """Questions the facts raise: is it over, and what nobody has said yet."""
    if incident.recovered_at is not None:
        yield Prompt(
            order=Order.QUESTION,
            key=f"recovered:{incident.pk}",
            fact=incident.recovered_at.isoformat(),
            sentence=say(_("The signals are quiet since {at}. Is it over?"), at=incident.recovered_at),
            note=say(_("Nothing is resolved until you say so.")),
            verb=say(_("Change state")),
            target=f"{_at(incident, 'incident_state')}?to=resolved",
            severity=incident.severity,
        )
    missing = [
        (incident.flow_id is None, "flow", _("Which flow is hit?")),
        (not incident.symptom, "symptom", _("What do people see?")),
        (incident.impact_started_at is None, "since", _("Since when were people hit?")),
    ]
    for is_missing, name, question in missing:
        if is_missing:
            yield Prompt(
                order=Order.QUESTION,
                key=f"known:{incident.pk}:{name}",
                fact=name,
                sentence=say(question),
                verb=say(_("Say what is known")),
                target=f"{_at(incident, 'incident_known')}#{name}",
                severity=incident.severity,
            )
