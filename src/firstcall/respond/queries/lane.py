"""What opens lanes beside the severity: who is hit, and which provider is unwell."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from firstcall.detect.models.report import Report
from firstcall.detect.queries.provider_status import unwell_under
from firstcall.ready.models.customer import Customer
from firstcall.ready.rules.lane import Around
from firstcall.respond.models.incident import Incident
from firstcall.respond.queries.hit import hit_or_using


def around(incident: Incident, *, now: dt.datetime) -> Around:
    """A customer with a contract that is hit, and the providers it needs that say they are unwell, by name.

    Hit are those a person named, and who has reported; while nobody is named, those who use the flow. Six statements
    at most.
    """
    reported = Report.objects.filter(incident=incident.pk, customer__isnull=False).values("customer")
    hit = Q(pk__in=reported) | Q(pk__in=hit_or_using(incident).values("pk"))
    customer = Customer.objects.filter(hit, contract=True).order_by("name").values_list("name", flat=True).first()
    sick = unwell_under(incident.flow, now=now) if incident.flow is not None else []
    return Around(customer or "", tuple(one.provider.name for one in sick))
