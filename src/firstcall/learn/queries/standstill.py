"""How long a customer was hurt this month."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from firstcall.journal.spoken import organisation_zone
from firstcall.learn.rules.cost import hours_of
from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.ready.models.customer import Customer
from firstcall.respond.models.incident import Incident
from firstcall.respond.rules.impact import within


@dataclass(frozen=True, slots=True)
class Standstill:
    """`minutes` in which it was hit, by so many `incidents`, since `first` (the organisation's day)."""

    first: dt.date
    minutes: int
    incidents: int


def month_of(customer: Customer, *, viewer: User, now: dt.datetime) -> Standstill:
    """This calendar month of the organisation's zone, as far as `viewer` may know; practice counts in nothing.

    An incident counts for the customers a person named as hit; where nobody is named, for those who use its flow.
    Minutes in which two overlap count once. One statement, for a customer whose flows are read.
    """
    zone = organisation_zone()
    first = now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    flows = [flow.pk for flow in customer.flows.all()]
    over = Q(resolved_at__isnull=False, resolved_at__lte=first) | Q(closed_at__isnull=False, closed_at__lte=first)
    named = Incident.hit.through.objects.filter(incident=OuterRef("pk"))
    hit = Q(Exists(named.filter(customer=customer.pk))) | Q(~Exists(named), flow__in=flows)
    rows = list(visible(Incident.objects.filter(hit, practice=False).exclude(over), viewer=viewer))
    spans = [span for row in rows for span in within(first, now, row.impact(now=now))]
    return Standstill(first.date(), round(hours_of(spans) * 60), len(rows))
