"""Ticking a prepared first step, and taking a tick back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.rules.first_steps import lines_of
from firstcall.respond import events
from firstcall.respond.commands.incident import locked
from firstcall.respond.models.first_step import FirstStepTick
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.first_step import minutes_in, parts_of


def tick_first_step(*, incident: Incident, part: str, step: str, by: Actor, now: dt.datetime) -> FirstStepTick:
    """The step `step` of `part` ('noun:id') is done. Ticking it again changes nothing.

    Raises Refused when the incident is over, or no step of it reads so.
    """
    with transaction.atomic():
        row = _open(incident)
        of = parts_of(row).get(part)
        if of is None or step not in lines_of(of.first_steps):
            raise Refused(_("This step reads otherwise by now. Look at the list again."), field="step")
        tick, made = FirstStepTick.objects.get_or_create(
            incident=row, part=part, step=step, defaults={"ticked_at": now, "ticked_by_id": by.id}
        )
        if made:
            record(
                events.FIRST_STEP_TICKED, by=by, now=now, subject=part, incident=row.pk, step=step, name=of.name,
                minutes=minutes_in(row, now),
            )  # fmt: skip
    return tick


def untick_first_step(*, incident: Incident, part: str, step: str, by: Actor, now: dt.datetime) -> None:
    """It was ticked by mistake: what the timeline said stays, and is corrected. Without a tick nothing changes.

    Raises Refused when the incident is over.
    """
    with transaction.atomic():
        row = _open(incident)
        tick = FirstStepTick.objects.filter(incident=row, part=part, step=step).first()
        if tick is None:
            return
        tick.delete()
        record(events.FIRST_STEP_UNTICKED, by=by, now=now, subject=part, incident=row.pk, step=step)


def _open(incident: Incident) -> Incident:
    row = locked(incident)
    if not row.is_open:
        raise Refused(_("This incident is over: its first steps stay as they were left."))
    return row
