"""First drafts for an incident, from what the room knows."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from firstcall.inform.rules.words import Facts
from firstcall.ready.queries.customers import customers_of
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role, RoleHolding


def facts_of(incident: Incident, *, zone: dt.tzinfo) -> Facts:
    """What drafts may say; times by the clock of `zone`. Three statements."""
    flow = incident.flow
    holders = dict(RoleHolding.objects.filter(incident=incident, until=None).values_list("role", "user__name"))
    since = incident.impact_started_at
    local = since.astimezone(zone) if since else None
    return Facts(
        title=incident.title,
        flow=flow.name if flow else "",
        symptom=incident.symptom,
        since=f"{local:%H:%M} {local.tzname()}" if local else "",
        state=incident.state,
        severity=incident.severity,
        customers=len(customers_of(flow)) if flow else None,
        workaround=flow.workaround if flow else "",
        prepared=flow.words_customers if flow else "",
        owner=holders.get(Role.OWNER, ""),
        technical_lead=holders.get(Role.TECHNICAL_LEAD, ""),
    )


def organisation_zone() -> str:
    """The zone of everything that is written for more than one reader."""
    return str(settings.ENV["FIRSTCALL_ZONE"])
