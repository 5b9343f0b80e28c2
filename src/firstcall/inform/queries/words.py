"""First drafts for an incident, from what the room knows."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings

from firstcall.inform.rules.words import Facts
from firstcall.ready.models.customer import Customer
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role, RoleHolding
from firstcall.respond.rules.wall_time import zone_named


def facts_of(incident: Incident) -> Facts:
    """What drafts may say; times by the organisation's clock. Three statements."""
    flow = incident.flow
    holders = dict(RoleHolding.objects.filter(incident=incident, until=None).values_list("role", "user__name"))
    since = incident.impact_started_at
    return Facts(
        title=incident.title,
        flow=flow.name if flow else "",
        symptom=incident.symptom,
        since=f"{since.astimezone(organisation_zone()):%H:%M %Z}" if since else "",
        state=incident.state,
        severity=incident.severity,
        scale=_scale(incident),
        workaround=flow.workaround if flow else "",
        prepared=flow.words_customers if flow else "",
        prepared_support=flow.words_support if flow else "",
        owner=holders.get(Role.OWNER, ""),
        technical_lead=holders.get(Role.TECHNICAL_LEAD, ""),
    )


def _scale(incident: Incident) -> str:
    """'41 of 220'; empty while no customer is listed for the flow: that is not known, and not nobody."""
    if incident.flow is None:
        return ""
    all_, using = Customer.objects.count(), incident.flow.customers.count()
    return f"{using:,} of {all_:,}" if using else ""


def organisation_zone() -> ZoneInfo:
    """The zone of everything that is written for more than one reader."""
    return zone_named(settings.ENV["FIRSTCALL_ZONE"])
