"""Running an escalation path until someone has it, and the loud end when nobody does."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import cancel_jobs, plan_job
from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import speak
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.models.user import Access, User
from firstcall.people.queries.people import active_people
from firstcall.people.rules.access import can
from firstcall.ready.queries.waking import Turn, turn_of, woken_by
from firstcall.ready.rules.path import due_after, waits_of, with_step
from firstcall.ready.rules.waking import Waking
from firstcall.respond import events
from firstcall.respond.commands.lane import plan_lanes
from firstcall.respond.commands.page import plan_pages
from firstcall.respond.commands.role import take_role
from firstcall.respond.models.escalation import Escalation, EscalationState
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.page import Answer, Because, Page
from firstcall.respond.models.role import Role, RoleHolding
from firstcall.respond.rules.escalation import Standing, link_lives, next_step
from firstcall.respond.rules.page import rank_of

STEP = "respond.escalation_step"
EARLY = dt.timedelta(seconds=1)  # clocks of two machines may differ by this much


def start_escalation(
    *,
    incident: Incident,
    by: Actor,
    now: dt.datetime,
    plan: dict[str, Any] | None = None,
    otherwise: dict[str, Any] | None = None,
    at_once: bool = False,
) -> Escalation | None:
    """Run the path that flow and severity ask for, now or, when the severity wakes nobody at night, in the morning.

    `plan` runs another one, and at once, and `at_once` the right one: a person wants it so. `otherwise` runs when there
    is no path. None when there is none of both, or nobody is to be woken: the timeline says why. One that runs already
    is returned as it is. A plan without steps is exhausted as it begins: all admins are told.
    """
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        running = incident.escalations.filter(state=EscalationState.RUNNING).first()
        if running is not None:
            return _hurried(running, by=by, now=now) if at_once else running
        begins: dt.datetime = now
        woken = None
        if plan is None:
            woken = woken_by(incident.flow, incident.severity, now=now)
            plan = woken.plan or otherwise
            if plan is None:
                return None
            if not at_once:
                if woken.waking.at is None:
                    _tell_of_quiet(incident, woken.waking, now=now)
                    return None
                begins = woken.waking.at
        last = incident.escalations.aggregate(last=Max("generation"))["last"] or 0
        escalation = Escalation.objects.create(
            incident=incident, plan=plan, generation=last + 1, started_at=now, next_at=begins
        )
        if woken is not None and begins > now:
            _tell_of_quiet(incident, woken.waking, now=now)
        else:
            _tell_of_start(escalation, by=by, now=now)
        _plan_step(escalation, 0, now=now, due=begins)
        plan_lanes(escalation=escalation, begins=begins, now=now)
    return escalation


def _tell_of_start(escalation: Escalation, *, by: Actor, now: dt.datetime) -> None:
    record(
        events.ESCALATION_STARTED, by=by, now=now, subject=_subject(escalation), incident=escalation.incident_id,
        path=escalation.plan.get("path") or _("without a name"), steps=len(escalation.plan["steps"]),
        generation=escalation.generation,
    )  # fmt: skip


def _tell_of_quiet(incident: Incident, waking: Waking, *, now: dt.datetime) -> None:
    """Nobody is paged now: say why, and until when."""
    record(
        events.ESCALATION_WAITS, by=MACHINE, now=now, subject=f"incident:{incident.pk}", incident=incident.pk,
        reason=speak(waking.reason), due_at=waking.at.isoformat() if waking.at else None,
    )  # fmt: skip


def _hurried(escalation: Escalation, *, by: Actor, now: dt.datetime) -> Escalation:
    """A person does not want to wait for the morning."""
    if escalation.step == -1 and escalation.next_at is not None and escalation.next_at > now:
        _tell_of_start(escalation, by=by, now=now)
        _run_next_now(escalation, now=now, reason=_("it runs now"))
        plan_lanes(escalation=escalation, begins=now, now=now)
    return escalation


def rethink_waiting(*, incident: Incident, by: Actor, now: dt.datetime) -> None:
    """The severity is another one, or the table is: what waits for the morning begins when it should from now on."""
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        waiting = incident.escalations.filter(state=EscalationState.RUNNING, step=-1, next_at__gt=now).first()
        if waiting is None:
            return
        waiting.incident = incident
        woken = woken_by(incident.flow, incident.severity, now=now)
        if woken.waking.at is None:
            _tell_of_quiet(incident, woken.waking, now=now)
            _end(waiting, by=by, now=now, reason=speak(woken.waking.reason))
            return
        if woken.waking.at == waiting.next_at and woken.plan in (None, waiting.plan):
            return
        cancel_jobs(subject=_subject(waiting), now=now, reason=_("it begins at another time"), kind=STEP)
        waiting.plan = woken.plan or waiting.plan
        waiting.next_at = woken.waking.at
        waiting.save(update_fields=["plan", "next_at"])
        if woken.waking.kind == "later":
            _tell_of_quiet(incident, woken.waking, now=now)
        else:
            _tell_of_start(waiting, by=by, now=now)
        _plan_step(waiting, 0, now=now, due=woken.waking.at, again=f":{now.isoformat()}")
        plan_lanes(escalation=waiting, begins=woken.waking.at, now=now)


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
        turn = turn_of(escalation.plan, step, at=now)
        for index in range(step, len(waits)) if turn is None else turn.skipped:
            _tell_of_skip(escalation, index, now=now)
        if turn is None:
            _exhaust(escalation, now=now)
        else:
            _run(escalation, turn, now=now)


def _tell_of_skip(escalation: Escalation, index: int, *, now: dt.datetime) -> None:
    escalation.step = index
    escalation.save(update_fields=["step"])
    record(
        events.STEP_SKIPPED, by=MACHINE, now=now, subject=_subject(escalation), incident=escalation.incident_id,
        number=index + 1, reason=_("nobody is on call"),
    )  # fmt: skip


def _run(escalation: Escalation, turn: Turn, *, now: dt.datetime) -> None:
    """Page the people of the steps that go at once, and plan the next for when their time is over."""
    escalation.step = turn.index
    escalation.next_at = due_after(now, turn.wait_minutes)
    escalation.save(update_fields=["step", "next_at"])
    for number, people in turn.calls:
        step = escalation.plan["steps"][number]
        by_name = bool(step.get("by_name"))
        because = Because.ASKED if by_name else Because.NAMED if step.get("user") is not None else Because.ON_CALL
        plan_pages(escalation=escalation, step=number, people=people, because=because, now=now, by_name=by_name)
    record(
        events.STEP_RUN, by=MACHINE, now=now, subject=_subject(escalation), incident=escalation.incident_id,
        number=turn.calls[0][0] + 1, names=", ".join(user.name for user in turn.people),
        people=[user.pk for user in turn.people],
    )  # fmt: skip
    _plan_step(escalation, turn.index + 1, now=now, due=escalation.next_at)


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
    end = len(escalation.plan["steps"])
    plan_pages(escalation=escalation, step=end, people=admins, because=Because.ADMIN, now=now)


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
    """'I can't': once everyone who was paged at once has said so, the next step runs.

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
        steps = with_step(waits_of(escalation.plan), escalation.step)
        asked = escalation.pages.filter(step__in=steps, answer="").exclude(waits_until__gt=now)
        if escalation.state == EscalationState.RUNNING and page.step in steps and not asked.exists():
            _run_next_now(escalation, now=now, reason=_("passed on"))
    return escalation


def give_up_waiting(*, page: Page, now: dt.datetime) -> None:
    """A page was refused for good. When no other of those sent at once can still arrive, the next step runs."""
    with transaction.atomic():
        escalation = _held(page.escalation_id)
        steps = with_step(waits_of(escalation.plan), escalation.step)
        others = escalation.pages.filter(step__in=steps, reason="").exclude(answer=Answer.PASSED_ON).exists()
        if escalation.state == EscalationState.RUNNING and page.step in steps and not others:
            _run_next_now(escalation, now=now, reason=_("the page was refused"))


def _run_next_now(escalation: Escalation, *, now: dt.datetime, reason: str) -> None:
    cancel_jobs(subject=_subject(escalation), now=now, reason=reason, kind=STEP)
    escalation.next_at = now
    escalation.save(update_fields=["next_at"])
    _plan_step(escalation, escalation.step + 1, now=now, due=now)


def bring_in(*, incident: Incident, user: User, by: Actor, now: dt.datetime) -> Escalation:
    """Page one person now: into the run under way, or as a path of one made on the fly.

    Raises Refused for somebody without an account.
    """
    if not user.is_active:
        raise Refused(_("{name} no longer has an account.").format(name=user.name), field="user")
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=incident.pk)
        running = incident.escalations.filter(state=EscalationState.RUNNING).first()
        if running is not None:
            # A run that waits for the morning will page its first step all the same: this page is beside its steps.
            beside = len(running.plan["steps"]) + 1
            plan_pages(
                escalation=running, step=beside if running.step < 0 else running.step, people=[user],
                because=Because.ASKED, now=now, by_name=True,
            )  # fmt: skip
            return running
        plan = {
            "path": _("made on the fly"),
            "steps": [{"wait_minutes": 5, "schedule": None, "user": user.pk, "by_name": True}],
        }
        started = start_escalation(incident=incident, by=by, now=now, plan=plan)
        if started is None:
            raise Refused(_("Nobody was paged."))
        return started


def end_escalations(*, incident: Incident, by: Actor, now: dt.datetime, reason: str) -> None:
    """Stop the incident's runs; what waits to be sent is not sent."""
    for escalation in incident.escalations.filter(state__in=[EscalationState.RUNNING, EscalationState.EXHAUSTED]):
        _end(escalation, by=by, now=now, reason=reason)


def _end(escalation: Escalation, *, by: Actor, now: dt.datetime, reason: str) -> None:
    cancel_jobs(subject=_subject(escalation), now=now, reason=reason)
    escalation.pages.filter(sent_at=None, reason="").update(reason=reason)
    escalation.state = EscalationState.ENDED
    escalation.ended_at = now
    escalation.next_at = None
    escalation.save(update_fields=["state", "ended_at", "next_at"])
    record(
        events.ESCALATION_ENDED, by=by, now=now, subject=_subject(escalation), incident=escalation.incident_id,
        reason=reason,
    )  # fmt: skip
