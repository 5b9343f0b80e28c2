"""When a person says that an incident is over: say on its timeline what still fires, so that nobody is fooled."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.detect.models.group import AlertGroup
from firstcall.kernel.actor import MACHINE
from firstcall.respond.commands.incident import note_still_firing
from firstcall.respond.models.incident import Incident


def _tell(job: Job, *, now: dt.datetime) -> None:
    firing = list(
        AlertGroup.objects.filter(incident=job.payload["incident"], closed_at=None)
        .order_by("opened_at")
        .values_list("title", flat=True)
    )
    incident = Incident.objects.filter(pk=job.payload["incident"]).first()
    if firing and incident is not None:
        note_still_firing(incident=incident, what=", ".join(firing), by=MACHINE, now=now)


@stores("reactions.incident_resolved", lane="update")
def incident_resolved(job: Job, *, now: dt.datetime) -> None:
    _tell(job, now=now)


@stores("reactions.incident_closed", lane="update")
def incident_closed(job: Job, *, now: dt.datetime) -> None:
    _tell(job, now=now)
