"""Running an escalation path until someone has it, and the loud end when nobody does."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import cancel_jobs, plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.models.user import Access, User
from firstcall.people.queries.people import active_people
from firstcall.people.rules.access import can
from firstcall.ready.queries.path import people_of_step, plan_for
from firstcall.respond import events
from firstcall.respond.commands.page import plan_pages
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.escalation import Escalation, EscalationState
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Answer, Page
from firstcall.respond.models.role import Role, RoleHolding
from firstcall.respond.rules.escalation import Standing, due_after, link_lives, next_step, waits_of
from firstcall.respond.rules.page import rank_of

STEP = "respond.escalation_step"
EARLY = dt.timedelta(seconds=1)  # clocks of two machines may differ by this much


def start_escalation(
    *, incident: Incident, by: Actor, now: dt.datetime, plan: dict[str, Any] | None = None
) -> Escalation | None:
    """Run a path: `plan`, or the one that flow and severity ask for. None when there is none, or nobody is to be woken.

    One that runs already is returned as it is. A plan without steps is exhausted at once: all admins are told.
    """
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        running = incident.escalations.filter(state=EscalationState.RUNNING).first()
        if running is not None:
            return running
        if plan is None:
            plan = plan_for(incident.flow, incident.severity)
        if plan is None:
            return None
        last = incident.escalations.aggregate(last=Max("generation"))["last"] or 0
        escalation = Escalation.objects.create(
            incident=incident, plan=plan, generation=last + 1, started_at=now, next_at=now
        )
        record(
            events.ESCALATION_STARTED,
            by=by,
            now=now,
            subject=_subject(escalation),
            incident=incident.pk,
            path=plan.get("path") or _("without a name"),
            steps=len(plan["steps"]),
            generation=escalation.generation,
        )
        _plan_step(escalation, 0, now=now, due=now)
    return escalation


def _subject(escalation: Escalation) -> str:
    return f"escalation:{escalation.pk}"


def _plan_step(escalation: Escalation, index: int, *, now: dt.datetime, due: dt.datetime, again: str = "") -> None:
    """The job for step `index`, or, after the last, for finding that nobody answered. A new due time is a new key."""
    plan_job(
        STEP,
        key=f"escalation:{escalation.pk}:{index}:{due.isoformat()}{again}",
        now=now,
        due=due,
        payload={"escalation": escalation.pk, "step": index},
        subject=_subject(escalation),
        rank=rank_of(escalation.incident.severity),
    )


def run_step(*, escalation_id: int, step: int, now: dt.datetime) -> None:
    """Run step `step` if it is still the next one: page whoever it means at this moment. Steps with nobody are
    skipped at once. A job that comes early plans itself again; one that comes too late does nothing."""
    with transaction.atomic():
        escalation = (
            Escalation.objects.select_for_update(of=("self",)).select_related("incident__flow").get(pk=escalation_id)
        )
        waits = waits_of(escalation.plan)
        coming = next_step(Standing(escalation.state, escalation.step, escalation.next_at, len(waits)), now=now)
        if coming.kind == "over" or coming.index != step:
            return
        if coming.kind == "wait" and coming.due_at is not None and coming.due_at - now > EARLY:
            _plan_step(escalation, step, now=now, due=coming.due_at, again=f":{now.isoformat()}")
            return
        for index in range(step, len(waits)):
            if _run(escalation, index, waits[index], now=now):
                return
        _exhaust(escalation, now=now)


def _run(escalation: Escalation, index: int, wait_minutes: int, *, now: dt.datetime) -> bool:
    """Page the people of one step; False when there is nobody to page."""
    people = [user for user in people_of_step(escalation.plan["steps"][index], at=now) if user.is_active]
    escalation.step = index
    if not people:
        escalation.save(update_fields=["step"])
        record(
            events.STEP_SKIPPED,
            by=MACHINE,
            now=now,
            subject=_subject(escalation),
            incident=escalation.incident_id,
            number=index + 1,
            reason=_("nobody is on call"),
        )
        return False
    escalation.next_at = due_after(now, wait_minutes)
    escalation.save(update_fields=["step", "next_at"])
    plan_pages(escalation=escalation, step=index, people=people, now=now)
    record(
        events.STEP_RUN,
        by=MACHINE,
        now=now,
        subject=_subject(escalation),
        incident=escalation.incident_id,
        number=index + 1,
        names=", ".join(user.name for user in people),
        people=[user.pk for user in people],
    )
    _plan_step(escalation, index + 1, now=now, due=escalation.next_at)
    return True


def _exhaust(escalation: Escalation, *, now: dt.datetime) -> None:
    """Nobody answered: every admin is told, and Now shows it until someone has it."""
    escalation.state = EscalationState.EXHAUSTED
    escalation.ended_at = now
    escalation.next_at = None
    escalation.save(update_fields=["state", "ended_at", "next_at"])
    record(
        events.EXHAUSTED,
        by=MACHINE,
        now=now,
        subject=_subject(escalation),
        incident=escalation.incident_id,
        path=escalation.plan.get("path") or _("the path"),
        steps=len(escalation.plan["steps"]),
    )
    admins = [user for user in active_people() if user.access == Access.ADMIN]
    plan_pages(escalation=escalation, step=len(escalation.plan["steps"]), people=admins, now=now)


def acknowledge(*, page: Page, by: Actor, now: dt.datetime) -> Escalation:
    """'I have it', from a page. The same page twice changes nothing.

    Raises Refused when someone else has it already, Gone when the link has ended.
    """
    with transaction.atomic():
        escalation = _held(page.escalation_id)
        fresh = Page.objects.select_for_update().get(pk=page.pk)
        if fresh.answer == Answer.HAVE_IT:
            return escalation
        _refuse_if_taken(escalation)
        if not link_lives(escalation.state, planned_at=fresh.planned_at, now=now):
            raise Gone(_("This page has ended."))
        Page.objects.filter(pk=page.pk).update(answered_at=now, answer=Answer.HAVE_IT)
        _take(escalation, page.user, by=by, now=now, address=page.address)
    return escalation


def take_escalation(*, escalation: Escalation, user: User, by: Actor, now: dt.datetime) -> Escalation:
    """'I have it', from the room, paged or not. Taking it twice changes nothing; Refused when someone else has it."""
    with transaction.atomic():
        row = _held(escalation.pk)
        if row.acknowledged_by_id == user.pk:
            return row
        _refuse_if_taken(row)
        if row.state == EscalationState.ENDED:
            raise Refused(_("This escalation has ended."))
        row.pages.filter(user=user, answer="").update(answered_at=now, answer=Answer.HAVE_IT)
        _take(row, user, by=by, now=now, address="")
    return row


def _held(escalation_id: int) -> Escalation:
    return (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("incident", "acknowledged_by")
        .get(pk=escalation_id)
    )


def _refuse_if_taken(escalation: Escalation) -> None:
    if escalation.state == EscalationState.ACKNOWLEDGED and escalation.acknowledged_by is not None:
        raise Refused(_("{name} has it already.").format(name=escalation.acknowledged_by.name))


def _link_words(by: Actor, address: str) -> str:
    return _(" (by link sent to {address})").format(address=address) if by.kind == "link" else ""


def _take(escalation: Escalation, user: User, *, by: Actor, now: dt.datetime, address: str) -> None:
    escalation.state = EscalationState.ACKNOWLEDGED
    escalation.acknowledged_by = user
    escalation.acknowledged_at = escalation.ended_at = now
    escalation.next_at = None
    escalation.save(update_fields=["state", "acknowledged_by", "acknowledged_at", "ended_at", "next_at"])
    reason = _("{name} has it").format(name=user.name)
    cancel_jobs(subject=_subject(escalation), now=now, reason=reason)
    escalation.pages.filter(sent_at=None, answer="", reason="").update(reason=reason)
    record(
        events.ACKNOWLEDGED,
        by=by,
        now=now,
        subject=_subject(escalation),
        incident=escalation.incident_id,
        user=user.name,
        user_id=user.pk,
        link_words=_link_words(by, address),
        seconds=int((now - escalation.started_at).total_seconds()),
    )
    incident = escalation.incident
    leads = RoleHolding.objects.filter(incident=incident, role=Role.TECHNICAL_LEAD, until=None).exists()
    if not leads and can(user.access, "respond"):
        take_role(incident=incident, role=Role.TECHNICAL_LEAD, user=user, by=by, now=now)


def pass_on(*, page: Page, by: Actor, now: dt.datetime) -> Escalation:
    """'I can't': once everyone of this step has said so, the next one runs at once.

    Raises Refused when someone has it already, Gone when the link has ended.
    """
    with transaction.atomic():
        escalation = _held(page.escalation_id)
        fresh = Page.objects.select_for_update().get(pk=page.pk)
        if fresh.answer == Answer.PASSED_ON:
            return escalation
        _refuse_if_taken(escalation)
        if not link_lives(escalation.state, planned_at=fresh.planned_at, now=now):
            raise Gone(_("This page has ended."))
        escalation.pages.filter(user=page.user, step=page.step).update(answered_at=now, answer=Answer.PASSED_ON)
        record(
            events.PASSED_ON,
            by=by,
            now=now,
            subject=_subject(escalation),
            incident=escalation.incident_id,
            user=page.user.name,
            user_id=page.user_id,
            link_words=_link_words(by, page.address),
        )
        others = escalation.pages.filter(step=escalation.step, answer="").exists()
        if escalation.state == EscalationState.RUNNING and page.step == escalation.step and not others:
            _run_next_now(escalation, now=now, reason=_("passed on"))
    return escalation


def give_up_waiting(*, page: Page, now: dt.datetime) -> None:
    """A page was refused for good. When no other page of its step can still arrive, the next step runs at once."""
    with transaction.atomic():
        escalation = _held(page.escalation_id)
        others = escalation.pages.filter(step=page.step, reason="").exclude(answer=Answer.PASSED_ON).exists()
        if escalation.state == EscalationState.RUNNING and page.step == escalation.step and not others:
            _run_next_now(escalation, now=now, reason=_("the page was refused"))


def _run_next_now(escalation: Escalation, *, now: dt.datetime, reason: str) -> None:
    cancel_jobs(subject=_subject(escalation), now=now, reason=reason, kind=STEP)
    escalation.next_at = now
    escalation.save(update_fields=["next_at"])
    _plan_step(escalation, escalation.step + 1, now=now, due=now)


def bring_in(*, incident: Incident, user: User, by: Actor, now: dt.datetime) -> Escalation:
    """Page one person now: into the run under way, or as a path of one made on the fly."""
    if not user.is_active:
        raise Refused(_("{name} no longer has an account.").format(name=user.name), field="user")
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        running = incident.escalations.filter(state=EscalationState.RUNNING).first()
        if running is not None:
            plan_pages(escalation=running, step=max(running.step, 0), people=[user], now=now)
            return running
        plan = {
            "path": _("made on the fly"),
            "steps": [{"wait_minutes": 5, "schedule": None, "user": user.pk}],
        }
        started = start_escalation(incident=incident, by=by, now=now, plan=plan)
        if started is None:
            raise Refused(_("Nobody was paged."))
        return started


def end_escalations(*, incident: Incident, by: Actor, now: dt.datetime, reason: str) -> None:
    """Stop the incident's runs; what waits to be sent is not sent."""
    for escalation in incident.escalations.filter(state__in=[EscalationState.RUNNING, EscalationState.EXHAUSTED]):
        cancel_jobs(subject=_subject(escalation), now=now, reason=reason)
        escalation.pages.filter(sent_at=None, reason="").update(reason=reason)
        escalation.state = EscalationState.ENDED
        escalation.ended_at = now
        escalation.next_at = None
        escalation.save(update_fields=["state", "ended_at", "next_at"])
        record(
            events.ESCALATION_ENDED,
            by=by,
            now=now,
            subject=_subject(escalation),
            incident=incident.pk,
            reason=reason,
        )
