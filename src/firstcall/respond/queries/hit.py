"""Customers who may be hit by an incident."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from firstcall.ready.models.customer import Customer
from firstcall.respond.models.incident import Incident

MOST = 60


def may_be_hit(incident: Incident, *, likely: Collection[int] = (), named: str = "") -> list[Customer]:
    """Customers of its flow, the `likely` ones, and those whose name has `named` in it: contracts first, then by name.

    Sixty at most and one more, which says that there are more. One statement.
    """
    likely_ones = Q(pk__in=list(likely))
    of_flow = Q(pk__in=Customer.flows.through.objects.filter(flow=incident.flow_id).values("customer"))
    wanted = likely_ones | Q(name__icontains=named) if named else likely_ones | of_flow
    return list(Customer.objects.filter(wanted).order_by("-contract", "name")[: MOST + 1])


def customers_hit(incident: Incident) -> list[Customer]:
    """Those a person named, by name. One statement."""
    return list(incident.hit.order_by("name"))
