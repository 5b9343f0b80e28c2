"""What was only played counts in no figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.respond.events import PLAYED
from firstcall.respond.models.incident import OPEN_STATES, Incident


def count_as_practice(*, flows: Iterable[int], by: Actor, now: dt.datetime) -> list[Incident]:
    """The incidents of these flows were practice, all of them; returns them. Raises Refused while one is open."""
    with transaction.atomic():
        rows = list(Incident.objects.select_for_update().filter(flow__in=list(flows), practice=False).order_by("pk"))
        still = next((row for row in rows if row.state in OPEN_STATES), None)
        if still is not None:
            raise Refused(
                _("{reference} is still open in the sample company: resolve it first.").format(
                    reference=still.reference
                )
            )
        for row in rows:
            record(PLAYED, by=by, now=now, subject=f"incident:{row.pk}", incident=row.pk)
        Incident.objects.filter(pk__in=[row.pk for row in rows]).update(practice=True)
    return rows
