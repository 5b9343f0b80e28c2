"""Planning, asking and answering look-ins. One chain of jobs an incident."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import cancel_jobs, plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.people.models.user import User
from firstcall.ready.queries.severity import rule_of
from firstcall.respond import events
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.look_in import LookIn
from firstcall.respond.models.role import Role, RoleHolding
from firstcall.respond.rules.look_in import UNANSWERED, Rhythm, decide_look_in, is_late, next_due
from firstcall.respond.rules.page import rank_of

DUE, LATE = "respond.look_in", "respond.look_in_late"


def plan_look_in(*, incident: Incident, now: dt.datetime) -> None:
    """The next look-in, by the present severity's rhythm, in the caller's transaction; what was planned goes."""
    with transaction.atomic():
        subject = f"look_in:{incident.pk}"
        cancel_jobs(subject=subject, now=now, reason=_("the rhythm begins anew"), kind=DUE)
        rhythm = _rhythm(incident)
        if rhythm.minutes is not None and decide_look_in(rhythm).kind == "ask":
            due = next_due(now, minutes=rhythm.minutes)
            plan_job(
                DUE, key=f"{subject}:{due.isoformat()}:{now.isoformat()}", now=now, due=due,
                payload={"incident": incident.pk, "due_at": due.isoformat()}, subject=subject,
                rank=rank_of(incident.severity),
            )  # fmt: skip


def _lead(incident: Incident) -> User | None:
    holding = RoleHolding.objects.filter(incident=incident, role=Role.TECHNICAL_LEAD, until=None)
    one = holding.select_related("user").first()
    return one.user if one else None


def _rhythm(incident: Incident) -> Rhythm:
    return Rhythm(incident.state, rule_of(incident.severity).look_in, _lead(incident) is not None)


def ask_look_in(*, incident_id: int, due_at: dt.datetime, now: dt.datetime) -> LookIn | None:
    """It is due: ask the technical lead, and the owner whether the severity holds. None when nobody is to be asked."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident_id)
        lead = _lead(incident)
        incident.look_ins.filter(ended_at=None).update(ended_at=now)
        if lead is None or decide_look_in(_rhythm(incident)).kind != "ask":
            return None
        look_in = LookIn.objects.create(incident=incident, asked=lead, due_at=due_at)
        record(
            events.LOOK_IN_DUE, by=MACHINE, now=now, subject=f"look_in:{look_in.pk}", incident=incident.pk,
            user=lead.name, user_id=lead.pk, severity=incident.severity,
        )  # fmt: skip
        plan_job(
            LATE, key=f"look_in_late:{look_in.pk}", now=now, due=due_at + UNANSWERED,
            payload={"look_in": look_in.pk}, subject=f"look_in_late:{look_in.pk}", rank=rank_of(incident.severity),
        )  # fmt: skip
        plan_look_in(incident=incident, now=now)
    return look_in


def note_late(*, look_in_id: int, now: dt.datetime) -> None:
    """Five minutes and no answer: the timeline says so and the owner is asked to see why."""
    with transaction.atomic():
        row = LookIn.objects.select_for_update(of=("self",)).select_related("asked").get(pk=look_in_id)
        if row.ended_at is not None or row.late_at is not None or not is_late(row.due_at, now=now):
            return
        row.late_at = now
        row.save(update_fields=["late_at"])
        record(
            events.LOOK_IN_UNANSWERED, by=MACHINE, now=now, subject=f"look_in:{row.pk}", incident=row.incident_id,
            user=row.asked.name, user_id=row.asked_id,
        )  # fmt: skip


def answer_look_in(*, look_in: LookIn, blocked: bool, by: Actor, now: dt.datetime) -> LookIn:
    """What the engineers say: nothing is missing, or something is. Answering twice changes nothing."""
    with transaction.atomic():
        row = LookIn.objects.select_for_update().get(pk=look_in.pk)
        if row.ended_at is not None:
            return row
        row.answered_at = row.ended_at = now
        row.answered_by_id, row.blocked = by.id, blocked
        row.save(update_fields=["answered_at", "ended_at", "answered_by", "blocked"])
        cancel_jobs(subject=f"look_in_late:{row.pk}", now=now, reason=_("it was answered"))
        record(
            events.LOOK_IN_ANSWERED, by=by, now=now, subject=f"look_in:{row.pk}", incident=row.incident_id,
            words=_("something is missing") if blocked else _("nothing is missing"), blocked=blocked,
        )  # fmt: skip
    return row


def note_interruption(*, incident: Incident, by: Actor, now: dt.datetime) -> None:
    """An engineer was asked for news all the same: counted, without a name."""
    with transaction.atomic():
        record(events.INTERRUPTED, by=by, now=now, subject=f"incident:{incident.pk}", incident=incident.pk)
