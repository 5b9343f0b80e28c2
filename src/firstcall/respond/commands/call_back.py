"""Promising to ring a customer, and having done it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.models.customer import Customer
from firstcall.respond import events
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.incident import Incident


def promise_call_back(
    *,
    incident: Incident | None,
    customer: Customer | None,
    customer_name: str,
    owner: User,
    due_at: dt.datetime,
    by: Actor,
    now: dt.datetime,
    phone: str = "",
    report: int | None = None,
) -> CallBack:
    """Promise a call: a clock with an owner. Raises Refused without a name or for a time that has passed."""
    if not customer_name.strip():
        raise Refused(_("Who is it? Write the name."), field="who")
    if due_at <= now:
        raise Refused(_("Choose a time that is still to come."), field="call_back_at")
    with transaction.atomic():
        call = CallBack.objects.create(
            incident=incident,
            customer=customer,
            customer_name=customer_name.strip()[:160],
            phone=phone[:32],
            report=report,
            owner=owner,
            promised_at=now,
            due_at=due_at,
        )
        _tell_promised(call, by=by, now=now)
    return call


def _tell_promised(call: CallBack, *, by: Actor, now: dt.datetime) -> None:
    record(
        events.CALL_BACK_PROMISED,
        by=by,
        now=now,
        subject=f"call_back:{call.pk}",
        incident=call.incident_id,
        customer=call.customer_name,
        owner=call.owner.name,
        due_at=call.due_at.isoformat(),
    )


def follow_reports(*, reports: Iterable[int], incident: Incident, by: Actor, now: dt.datetime) -> None:
    """What was promised to those who made these reports belongs to the room that took them; its timeline says so."""
    with transaction.atomic():
        rows = CallBack.objects.select_for_update(of=("self",)).select_related("owner")
        for call in rows.filter(report__in=list(reports), done_at=None).exclude(incident=incident).order_by("pk"):
            call.incident = incident
            call.save(update_fields=["incident"])
            _tell_promised(call, by=by, now=now)


def leave_room(*, report: int) -> None:
    """What was promised in this report belongs to no room any more: the report is about something else."""
    CallBack.objects.filter(report=report, done_at=None).update(incident=None)


def keep_call_back(*, call: CallBack, by: Actor, now: dt.datetime) -> CallBack:
    """The customer was rung. Saying so twice changes nothing."""
    with transaction.atomic():
        row = CallBack.objects.select_for_update().get(pk=call.pk)
        if row.done_at is not None:
            return row
        row.done_at = now
        row.save(update_fields=["done_at"])
        record(
            events.CALL_BACK_DONE,
            by=by,
            now=now,
            subject=f"call_back:{row.pk}",
            incident=row.incident_id,
            customer=row.customer_name,
            late=now > row.due_at,
        )
    return row
