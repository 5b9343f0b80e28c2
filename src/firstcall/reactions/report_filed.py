"""When somebody reports a problem: bring it into the room that is open for the same flow. Without one, Now shows it."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.detect.models.report import Report
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.respond.commands.report import take_report
from firstcall.respond.models.incident import OPEN_STATES, Incident


@stores("reactions.report_filed", lane="update")
def report_filed(job: Job, *, now: dt.datetime) -> None:
    """The gravest open incident of its flow takes it. A report of an unknown flow joins nothing by guess."""
    report = Report.objects.select_related("by").get(pk=job.payload["report"])
    if report.incident is not None or report.apart or report.flow_id is None:
        return
    incident = (
        Incident.objects.filter(state__in=OPEN_STATES, flow=report.flow_id, practice=False)
        .order_by("severity", "opened_at")
        .first()
    )
    if incident is not None:
        by = Actor("person", report.by.pk, report.by.name) if report.by else MACHINE
        take_report(report=report, incident=incident, by=by, now=now)
