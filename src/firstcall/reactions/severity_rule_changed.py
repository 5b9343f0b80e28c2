"""When the severity table says otherwise: what waits, for the morning or for quiet hours, goes when it should now."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.kernel.actor import MACHINE
from firstcall.respond.commands.escalation import rethink_waiting
from firstcall.respond.commands.page import break_quiet
from firstcall.respond.models.escalation import EscalationState
from firstcall.respond.models.incident import OPEN_STATES, Incident


@stores("reactions.severity_rule_changed", lane="page")
def severity_rule_changed(job: Job, *, now: dt.datetime) -> None:
    """Every incident of this severity whose path has not begun, and every one somebody's page waits for."""
    rows = Incident.objects.filter(
        severity=job.payload["severity"], escalations__state=EscalationState.RUNNING, escalations__step=-1
    )
    for incident in rows.select_related("flow").order_by("pk"):
        rethink_waiting(incident=incident, by=MACHINE, now=now)
    quiet = Incident.objects.filter(
        severity=job.payload["severity"], state__in=OPEN_STATES, escalations__pages__waits_until__gt=now
    )
    for incident in quiet.distinct().order_by("pk"):
        break_quiet(incident=incident, now=now)
