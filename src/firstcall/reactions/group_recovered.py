"""When all alerts of a group have stopped: the room is told and asks; nothing is resolved by itself."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.detect.models.group import AlertGroup
from firstcall.kernel.actor import MACHINE
from firstcall.respond.commands.incident import note_recovery
from firstcall.respond.models.incident import Incident


@stores("reactions.group_recovered", lane="update")
def react(job: Job, *, now: dt.datetime) -> None:
    """Only when no other paging group of the incident still fires."""
    group = AlertGroup.objects.get(pk=job.payload["group"])
    if group.incident is None or AlertGroup.objects.filter(incident=group.incident, closed_at__isnull=True).exists():
        return
    note_recovery(incident=Incident.objects.get(pk=group.incident), what=group.title, by=MACHINE, now=now)
