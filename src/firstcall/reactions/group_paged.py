"""When a group of alerts pages: open an incident for it, or join the open one of its flow, and wake the path."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.detect.models.group import AlertGroup
from firstcall.kernel.actor import MACHINE
from firstcall.ready.rules.severity import Hurt, propose
from firstcall.respond.commands.escalation import start_escalation
from firstcall.respond.commands.incident import note_alerts, open_incident
from firstcall.respond.models.incident import OPEN_STATES, Incident


@stores("reactions.group_paged", lane="page")
def react(job: Job, *, now: dt.datetime) -> None:
    """In one transaction with the job's end: it happens once."""
    group = AlertGroup.objects.select_related("flow", "component").get(pk=job.payload["group"])
    if group.incident is not None:
        return
    incident = _open_for(group)
    if incident is not None:
        note_alerts(incident=incident, what=group.title, by=MACHINE, now=now)
    else:
        incident = _open(group, now=now)
    AlertGroup.objects.filter(pk=group.pk).update(incident=incident.pk)
    start_escalation(incident=incident, by=MACHINE, now=now)


def _open_for(group: AlertGroup) -> Incident | None:
    """The newest open incident of the same flow, so that one outage has one room."""
    if group.flow_id is None:
        return None
    found = Incident.objects.filter(flow=group.flow_id, state__in=OPEN_STATES, practice=False)
    return found.order_by("-opened_at").first()


def _open(group: AlertGroup, *, now: dt.datetime) -> Incident:
    first = group.alerts.order_by("first_at").first()
    criticality = group.flow.criticality if group.flow else None
    severity, why = propose(Hurt(criticality=criticality, stopped=_grave(group), for_many=_grave(group)))
    return open_incident(
        title=group.title,
        flow=group.flow,
        severity=severity if group.flow else min(severity, 2),
        symptom="",
        impact_started_at=min(first.started_at, now) if first else None,
        by=MACHINE,
        now=now,
        reason=group.reason,
        error=_error_of(group),
        severity_reason=why,
    )


def _grave(group: AlertGroup) -> bool:
    return group.alerts.filter(severity="critical").exists()


def _error_of(group: AlertGroup) -> str:
    """The exact words the tool gave, where it gave more than a title."""
    alert = group.alerts.order_by("first_at").first()
    if alert is None:
        return ""
    return str(alert.raw[:300] or alert.annotations.get("description") or alert.annotations.get("error") or "")[:300]
