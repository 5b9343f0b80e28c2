"""When a group of alerts wakes somebody: join the incident that is open for the same flow, open the one again in which
the same thing was just said to be over, or open a new one in triage."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.detect.commands.incident import join_incident
from firstcall.detect.models.alert import Alert
from firstcall.detect.models.group import AlertGroup
from firstcall.kernel.actor import MACHINE
from firstcall.ready.rules.severity import propose
from firstcall.respond.commands.incident import note_alerts, open_incident
from firstcall.respond.commands.recurrence import reopen_recurring, wake
from firstcall.respond.models.escalation import EscalationState
from firstcall.respond.models.incident import OPEN_STATES, Incident
from firstcall.respond.queries.incident import gravest_open
from firstcall.respond.queries.severity import hurt_of
from firstcall.respond.rules.recurrence import decide_recurrence

ERRORS = ("error", "message", "description")  # annotations that carry the exact words of a failure, best first


@stores("reactions.group_paged", lane="page")
def group_paged(job: Job, *, now: dt.datetime) -> None:
    """Happens once a group, and again when its incident was said to be over; a group that is held is left alone."""
    group = AlertGroup.objects.select_for_update(of=("self",)).select_related("flow").get(pk=job.payload["group"])
    if group.incident is not None and group.let_go_at is None:
        return
    alerts = _news(group)
    incident, back = _open_for(group), _over_of(group)
    if incident is not None:
        note_alerts(incident=incident, what=group.title, by=MACHINE, now=now)
    elif back is not None and decide_recurrence(back.resolved_at, now=now) == "reopen":
        what = alerts[0].title if alerts else group.title
        since = min((min(alert.started_at, now) for alert in alerts), default=None)
        why = _("it is back: {what}").format(what=what)
        incident = reopen_recurring(incident=back, why=why, back=since, now=now)
    else:
        incident = _open(group, alerts, now=now)
    join_incident(group=group, incident=incident.pk)
    if not incident.escalations.filter(
        state__in=[EscalationState.RUNNING, EscalationState.ACKNOWLEDGED, EscalationState.EXHAUSTED]
    ).exists():
        wake(incident=incident, now=now)


def _news(group: AlertGroup) -> list[Alert]:
    """Its alerts, the first first; of a group that was let go those that came since, or the last."""
    alerts = list(group.alerts.order_by("first_at", "id"))
    if group.let_go_at is None:
        return alerts
    return [alert for alert in alerts if alert.first_at >= group.let_go_at] or alerts[-1:]


def _over_of(group: AlertGroup) -> Incident | None:
    """The last incident of the same sick thing that is over."""
    before = AlertGroup.objects.filter(key=group.key, incident__isnull=False).order_by("-opened_at", "-pk")
    last = before.first()
    if last is None or last.incident is None:
        return None
    return Incident.objects.exclude(state__in=OPEN_STATES).filter(pk=last.incident, practice=False).first()


def _open_for(group: AlertGroup) -> Incident | None:
    """The open incident of the group's flow. Without a flow only the same thing come back joins: no guess."""
    before = AlertGroup.objects.filter(key=group.key).values_list("incident", flat=True) if group.flow is None else ()
    return gravest_open(flow=group.flow_id, otherwise=[number for number in before if number is not None])


def _open(group: AlertGroup, alerts: list[Alert], *, now: dt.datetime) -> Incident:
    # What pages without a flow says that it is critical, or could not be read.
    stopped = group.flow is None or any(alert.severity == "critical" for alert in alerts)
    severity, why = propose(hurt_of(group.flow, stopped=True if stopped else None, now=now))
    begun = min((alert.started_at for alert in alerts), default=group.opened_at)
    named = alerts[0] if alerts and group.let_go_at is not None else group  # by what is new in it
    return open_incident(
        title=named.title,
        flow=group.flow,
        severity=severity,
        severity_reason=_(why),
        symptom="",
        error=_error(alerts),
        impact_started_at=min(begun, now),
        reason=named.reason,
        by=MACHINE,
        now=now,
    )


def _error(alerts: list[Alert]) -> str:
    for alert in alerts:
        if alert.raw:
            return alert.raw[:300]
        for name in ERRORS:
            if alert.annotations.get(name):
                return str(alert.annotations[name])[:300]
    return ""
