"""The worker's alarm when nobody watches it any more."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.deliver import events
from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.models.lapse import Lapse
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE


def begin_lapse(*, node: str, since: dt.datetime, now: dt.datetime) -> Lapse:
    """The auditor fell silent: said once, on the record and to all admins. One that lasts already changes nothing."""
    with transaction.atomic():
        known = {"since": since, "noticed_at": now}
        lapse, made = Lapse.objects.get_or_create(node=node, ended_at=None, defaults=known)
        if made:
            record(
                events.AUDITOR_SILENT, by=MACHINE, now=now, subject=f"lapse:{lapse.pk}", node=node,
                since=since.isoformat(),
            )  # fmt: skip
            plan_job(
                "reactions.auditor_silent", key=f"lapse:{lapse.pk}:begin", now=now, payload={"lapse": lapse.pk}, rank=40
            )
    return lapse


def end_lapse(*, node: str, now: dt.datetime) -> Lapse | None:
    """It is heard again. None when there was no lapse."""
    with transaction.atomic():
        lapse = Lapse.objects.select_for_update().filter(node=node, ended_at=None).first()
        if lapse is None:
            return None
        lapse.ended_at = now
        lapse.save(update_fields=["ended_at"])
        minutes = int((now - lapse.since).total_seconds() // 60)
        record(events.AUDITOR_BACK, by=MACHINE, now=now, subject=f"lapse:{lapse.pk}", node=node, minutes=minutes)
        plan_job("reactions.auditor_silent", key=f"lapse:{lapse.pk}:end", now=now, payload={"lapse": lapse.pk}, rank=40)
    return lapse
