"""When the alerts of a group have stopped: tell the incident and let a person decide. It never resolves by itself."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.detect.models.group import AlertGroup
from firstcall.kernel.actor import MACHINE
from firstcall.respond.commands.incident import note_recovery
from firstcall.respond.models.incident import Incident


@stores("reactions.group_recovered", lane="update")
def group_recovered(job: Job, *, now: dt.datetime) -> None:
    """Told once every group of the incident is quiet."""
    group = AlertGroup.objects.get(pk=job.payload["group"])
    if group.incident is None or AlertGroup.objects.filter(incident=group.incident, closed_at=None).exists():
        return
    incident = Incident.objects.filter(pk=group.incident).first()
    if incident is not None:
        note_recovery(incident=incident, what=group.title, by=MACHINE, now=now)
