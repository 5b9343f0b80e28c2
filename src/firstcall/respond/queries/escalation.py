"""How far an escalation has come."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Prefetch

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.escalation import Escalation
from firstcall.respond.models.page import Page


def latest_escalations(incidents: Iterable[int], *, viewer: User) -> dict[int, Escalation]:
    """The last run of each of these incidents, with its pages and their people. Two statements."""
    rows = visible(Escalation.objects.filter(incident__in=list(incidents)), viewer=viewer, field="incident")
    pages = Prefetch("pages", queryset=Page.objects.select_related("user").order_by("id"))
    found = rows.select_related("acknowledged_by").prefetch_related(pages).order_by("generation")
    return {row.incident_id: row for row in found}
