"""Ringing a provider: asked by a lane, done by a person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.people.models.user import User
from firstcall.ready.models.provider import Provider
from firstcall.respond import events
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.ring import Ring


def ask_ring(*, incident: Incident, provider: Provider, asked: User | None, now: dt.datetime) -> Ring:
    """Somebody is to ring it; asked once an incident. What tells of it is the lane that opens."""
    row, _made = Ring.objects.get_or_create(
        incident=incident, provider=provider, defaults={"asked": asked, "asked_at": now}
    )
    return row


def note_rung(*, ring: Ring, by: Actor, now: dt.datetime) -> None:
    """Somebody has rung. Saying so twice changes nothing."""
    with transaction.atomic():
        if Ring.objects.filter(pk=ring.pk, rung_at=None).update(rung_at=now, rung_by=by.id):
            record(
                events.PROVIDER_RUNG, by=by, now=now, subject=f"incident:{ring.incident_id}", incident=ring.incident_id,
                provider=ring.provider.name,
            )  # fmt: skip
