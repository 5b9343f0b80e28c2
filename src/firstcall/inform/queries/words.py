"""First drafts for an incident, from what the room knows."""

from __future__ import annotations

from firstcall.inform.models.status_page import StatusComponent
from firstcall.inform.rules.words import Facts
from firstcall.journal.spoken import organisation_zone, wall
from firstcall.ready.models.flow import Flow
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import Role, RoleHolding
from firstcall.respond.queries.hit import hit_of


def facts_of(incident: Incident) -> Facts:
    """What drafts may say; times by the organisation's clock. Four statements."""
    flow, hit = incident.flow, hit_of(incident)
    holders = dict(RoleHolding.objects.filter(incident=incident, until=None).values_list("role", "user__name"))
    since = incident.impact_started_at
    return Facts(
        title=incident.title,
        flow=flow.name if flow else "",
        called=_called(flow),
        symptom=incident.symptom,
        since=wall(since, organisation_zone()) if since else "",
        state=incident.state,
        severity=incident.severity,
        scale=hit.scale,
        hit=hit.named,
        hit_others=hit.others,
        contracts=hit.contracts,
        some=bool(hit.named) and not hit.others and hit.customers < hit.all,
        workaround=flow.workaround if flow else "",
        prepared=flow.words_customers if flow else "",
        prepared_support=flow.words_support if flow else "",
        owner=holders.get(Role.OWNER, ""),
        technical_lead=holders.get(Role.TECHNICAL_LEAD, ""),
    )


def _called(flow: Flow | None) -> str:
    """What the first page that shows it calls it."""
    return StatusComponent.objects.filter(flow=flow).values_list("name", flat=True).first() or "" if flow else ""
