"""Some time after a person said that an incident is over, or none: does it fire all the same?

Then it opens again and wakes, or stands in triage again and asks.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.detect.commands.incident import join_incident
from firstcall.detect.models.group import AlertGroup, Verdict
from firstcall.detect.queries.group import firing_of_incident
from firstcall.kernel.actor import MACHINE
from firstcall.respond.commands.incident import note_alerts
from firstcall.respond.commands.recurrence import ask_again, reopen_recurring
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.incident import gravest_open


@stores("reactions.still_firing", lane="page")
def still_firing(job: Job, *, now: dt.datetime) -> None:
    """Nothing when it was opened again meanwhile, or has calmed down. An open incident of its flow takes what fires."""
    incident = Incident.objects.select_for_update(of=("self",)).select_related("flow").get(pk=job.payload["incident"])
    over_at = job.payload.get("over_at") or job.payload["resolved_at"]  # as jobs of older versions call it
    if incident.is_open or incident.ended != dt.datetime.fromisoformat(over_at):
        return
    firing = ", ".join(firing_of_incident(incident.pk))
    if not firing:
        return
    other = gravest_open(flow=incident.flow_id)
    if other is None and incident.resolved_at is None:
        ask_again(incident=incident, what=firing, now=now)
        return
    if other is None:
        why = _("it still fires: {what}").format(what=firing)
        reopen_recurring(incident=incident, why=why, back=incident.resolved_at, now=now)  # it never stopped
        return
    note_alerts(incident=other, what=firing, by=MACHINE, now=now)
    for group in AlertGroup.objects.filter(incident=incident.pk, closed_at=None, verdict=Verdict.PAGE):
        join_incident(group=group, incident=other.pk)
