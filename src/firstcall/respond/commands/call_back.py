"""Promising to ring a customer, and having done it."""

from __future__ import annotations

import datetime as dt

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
        record(
            events.CALL_BACK_PROMISED,
            by=by,
            now=now,
            subject=f"call_back:{call.pk}",
            incident=incident.pk if incident else None,
            customer=call.customer_name,
            owner=owner.name,
            due_at=due_at.isoformat(),
        )
    return call


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
