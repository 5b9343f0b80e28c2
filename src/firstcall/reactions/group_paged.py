"""When a group of alerts wakes somebody: open an incident in triage, or join the one that is open for the same flow."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.detect.commands.incident import join_incident
from firstcall.detect.models.alert import Alert
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.queries.map import in_peak
from firstcall.kernel.actor import MACHINE
from firstcall.ready.models.flow import Flow
from firstcall.ready.rules.severity import Hurt, propose
from firstcall.respond.commands.escalation import start_escalation
from firstcall.respond.commands.incident import note_alerts, open_incident
from firstcall.respond.models.escalation import EscalationState
from firstcall.respond.models.incident import OPEN_STATES, Incident

ERRORS = ("error", "message", "description")  # annotations that carry the exact words of a failure, best first


@stores("reactions.group_paged", lane="page")
def group_paged(job: Job, *, now: dt.datetime) -> None:
    """Happens once a group: a group that has its incident is left alone."""
    group = AlertGroup.objects.select_for_update(of=("self",)).select_related("flow").get(pk=job.payload["group"])
    if group.incident is not None:
        return
    alerts = list(group.alerts.order_by("first_at", "id"))
    incident = _open_for(group)
    if incident is None:
        incident = _open(group, alerts, now=now)
    else:
        note_alerts(incident=incident, what=group.title, by=MACHINE, now=now)
    join_incident(group=group, incident=incident.pk)
    if not incident.escalations.filter(
        state__in=[EscalationState.RUNNING, EscalationState.ACKNOWLEDGED, EscalationState.EXHAUSTED]
    ).exists():
        _wake(incident, now=now)


def _open_for(group: AlertGroup) -> Incident | None:
    """The gravest open incident of the group's flow. Without a flow only the same thing come back joins: no guess."""
    rows = Incident.objects.filter(state__in=OPEN_STATES, practice=False)
    if group.flow is not None:
        rows = rows.filter(flow=group.flow)
    else:
        before = AlertGroup.objects.filter(key=group.key, incident__isnull=False)
        rows = rows.filter(pk__in=list(before.values_list("incident", flat=True)))
    return rows.order_by("severity", "opened_at").first()


def _open(group: AlertGroup, alerts: list[Alert], *, now: dt.datetime) -> Incident:
    severity, why = propose(_hurt(group.flow, alerts, now=now))
    begun = min((alert.started_at for alert in alerts), default=group.opened_at)
    return open_incident(
        title=group.title,
        flow=group.flow,
        severity=severity,
        severity_reason=_(why),
        symptom="",
        error=_error(alerts),
        impact_started_at=min(begun, now),
        reason=group.reason,
        by=MACHINE,
        now=now,
    )


def _hurt(flow: Flow | None, alerts: list[Alert], *, now: dt.datetime) -> Hurt:
    if flow is None:  # what pages without a flow says that it is critical, or could not be read
        return Hurt(stopped=True)
    critical = any(alert.severity == "critical" for alert in alerts)
    return Hurt(
        criticality=flow.criticality,
        stopped=True if critical else None,
        for_many=True if in_peak(flow, now=now, zone=settings.ENV["FIRSTCALL_ZONE"]) else None,
        workaround=bool(flow.workaround),
    )


def _error(alerts: list[Alert]) -> str:
    for alert in alerts:
        if alert.raw:
            return alert.raw[:300]
        for name in ERRORS:
            if alert.annotations.get(name):
                return str(alert.annotations[name])[:300]
    return ""


def _wake(incident: Incident, *, now: dt.datetime) -> None:
    """As flow and severity ask for it; without a path every admin is told."""
    nobody = {"path": _("(there is no path)"), "steps": []}
    start_escalation(incident=incident, by=MACHINE, now=now, otherwise=nobody)
