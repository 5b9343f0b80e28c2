"""The incidents that count as evidence."""

from __future__ import annotations

import datetime as dt

from firstcall.learn.queries.incident import harm_from
from firstcall.learn.rules.evidence import Case
from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.role import RoleHolding

YEAR = dt.timedelta(days=365)


def cases(*, viewer: User, now: dt.datetime) -> list[Case]:
    """Accepted incidents of twelve months that the viewer may see, without practice. Two statements."""
    rows = Incident.objects.filter(opened_at__gt=now - YEAR, accepted_at__isnull=False, practice=False)
    incidents = list(visible(rows, viewer=viewer).select_related("flow"))
    holdings: dict[int, list[RoleHolding]] = {incident.pk: [] for incident in incidents}
    for holding in RoleHolding.objects.filter(incident__in=list(holdings)):
        holdings[holding.incident_id].append(holding)
    return [
        Case(
            incident.flow.name if incident.flow else "",
            str(incident.get_cause_display()) if incident.cause else "",
            harm_from(incident, holdings[incident.pk], now=now),
        )
        for incident in incidents
    ]
