"""The facts behind the four answers, gathered from every phase that holds one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings

from firstcall.desk.over import names_of, untold
from firstcall.desk.standing import Standing
from firstcall.detect.models.group import AlertGroup
from firstcall.detect.models.report import Report
from firstcall.detect.queries.map import in_peak
from firstcall.detect.queries.provider_status import unwell_under
from firstcall.inform.models.update import Audience
from firstcall.kernel.say import mark as _
from firstcall.learn.rules.cost import Cost
from firstcall.ready.queries.change import last_changes
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.incident import Cause, Incident
from firstcall.respond.queries.hit import hit_of, hit_or_using
from firstcall.respond.rules.answers import Changed, Clock, Facts, Likely

MOST_NAMES = 3


def facts_of(
    standing: Standing, groups: Sequence[AlertGroup], reports: Sequence[Report], cost: Cost, *, now: dt.datetime
) -> Facts:
    """What is known about this incident. Eight statements at most beside what is given."""
    incident = standing.incident
    flow = incident.flow
    hit = hit_of(incident)
    told_us = list(dict.fromkeys(name for one in reports if (name := one.customer.name if one.customer else one.who)))
    return Facts(
        flow=flow.name if flow else "",
        symptom=incident.symptom,
        error=incident.error,
        started_at=incident.impact_started_at,
        ended_at=incident.resolved_at,
        cause=str(Cause(incident.cause).label) if incident.cause and incident.cause != Cause.UNKNOWN else "",
        onset=incident.onset,
        alerts=sum(len(group.alerts.all()) for group in groups),
        reports=len(reports),
        likely=_says_it_is_ill(incident, now=now) or _likely(groups),
        changes=_changes(incident, now=now),
        customers_hit=hit.customers if flow is not None else None,
        customers_all=hit.all,
        contracts=hit.contracts,
        users_per_hour=flow.users_per_hour if flow else None,
        told_us=tuple(told_us),
        hit_named=hit.named,
        hit_others=hit.others,
        clocks=tuple(
            Clock(str(Audience(one.audience).label), one.last_at, one.due_at, one.state == "late", not one.heard)
            for one in standing.clocks
        ),
        to_call=_to_call(standing),
        untold=names_of(waiting) if (waiting := untold(standing)) else "",
        severity=incident.severity,
        severity_reason=incident.severity_reason,
        hour=cost.hour.money,
        cost=cost.money,
        workaround=flow.workaround if flow else "",
        in_peak=flow is not None and in_peak(flow, now=now, zone=settings.ENV["FIRSTCALL_ZONE"]),
    )


def _changes(incident: Incident, *, now: dt.datetime) -> tuple[Changed, ...]:
    """What was changed in the day before it began, or since, of what its flow needs."""
    if incident.flow is None:
        return ()
    until = incident.resolved_at or now
    begun = min(incident.impact_started_at or incident.opened_at, until)
    rows = last_changes(incident.flow, since=begun, now=until)
    return tuple(Changed(row.title, row.at) for row in rows)


def _says_it_is_ill(incident: Incident, *, now: dt.datetime) -> Likely | None:
    """The provider under its flow that says so of itself, while the incident lasts."""
    if incident.flow is None or not incident.is_open:
        return None
    sick = next(iter(unwell_under(incident.flow, now=now)), None)
    if sick is None:
        return None
    says = _("a provider, says that it is down") if sick.state == "down" else _("a provider, says that it is degraded")
    return Likely(sick.provider.name, says, sick.since)


def _likely(groups: Sequence[AlertGroup]) -> Likely | None:
    """The part whose alerts came first."""
    first = next((group for group in groups if group.component is not None), None)
    if first is None or first.component is None:
        return None
    says = _("its alerts fire") if first.closed_at is None else _("its alerts fired")
    return Likely(first.component.name, says, first.opened_at)


def _to_call(standing: Standing) -> tuple[str, ...]:
    """At SEV1 the customers with a contract that are hit are called: those nobody has called yet, three at most."""
    incident = standing.incident
    if incident.severity != 1 or not incident.is_open:
        return ()
    called = CallBack.objects.filter(incident=incident, done_at__isnull=False).values("customer")
    rows = hit_or_using(incident).filter(contract=True).exclude(pk__in=called).order_by("name")
    return tuple(rows.values_list("name", flat=True)[:MOST_NAMES])
