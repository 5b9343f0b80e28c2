"""Promised calls."""

from __future__ import annotations

from django.db.models import F, Q

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.ready.models.customer import Customer
from firstcall.respond.models.call_back import CallBack
from firstcall.respond.models.incident import Incident


def open_call_backs(*, viewer: User, incident: int | None = None) -> list[CallBack]:
    """Calls promised and not kept yet, the one due first on top; of one incident, or all. One statement."""
    seen = visible(Incident.objects.all(), viewer=viewer)
    rows = CallBack.objects.filter(Q(incident=None) | Q(incident__in=seen), done_at=None)
    if incident is not None:
        rows = rows.filter(incident=incident)
    return list(rows.select_related("owner", "incident").order_by("due_at", "id")[:100])


def call_back_for(*, viewer: User, pk: int) -> CallBack | None:
    """One promised call, None when it isn't there or may not be seen."""
    seen = visible(Incident.objects.all(), viewer=viewer)
    return CallBack.objects.filter(Q(incident=None) | Q(incident__in=seen), pk=pk).first()


def call_backs_of(customer: Customer, *, viewer: User, at_most: int = 10) -> list[CallBack]:
    """Calls promised to a customer, those not kept yet on top, then the latest. One statement."""
    seen = visible(Incident.objects.all(), viewer=viewer)
    rows = CallBack.objects.filter(Q(incident=None) | Q(incident__in=seen), customer=customer)
    return list(rows.select_related("owner").order_by(F("done_at").desc(nulls_first=True), "due_at")[:at_most])
