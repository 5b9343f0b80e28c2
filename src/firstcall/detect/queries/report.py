"""Reports, as screens read them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from firstcall.detect.models.report import Report
from firstcall.detect.queries.seal import sealed_for, unsealed
from firstcall.people.models.user import Access, User
from firstcall.ready.models.customer import Customer

FRESH = dt.timedelta(hours=6)  # how long before its incident a report may have been written and still be about it


def reports_waiting(*, viewer: User, since: dt.datetime | None = None) -> QuerySet[Report]:
    """Reports that belong to no incident as far as `viewer` may know, newest first: the others stand in their room.

    Their own report of a hidden incident waits for those who wrote it, as if nobody had taken it.
    """
    mine = Q(by=viewer, incident__in=sealed_for(viewer).values("incident"))
    rows = Report.objects.filter(Q(incident__isnull=True) | mine)
    if since is not None:
        rows = rows.filter(at__gt=since)
    return rows.select_related("customer", "flow", "by").order_by("-at")


def reports_about(incident: int, *, flow: int | None, since: dt.datetime, until: dt.datetime | None = None) -> Q:
    """What people said of an incident: what joined it, and what of its flow joined nothing while it lasted."""
    waits = Q(incident__isnull=True, apart=False, flow=flow, at__gt=since - FRESH)
    if until is not None:
        waits &= Q(at__lte=until)
    return Q(incident=incident) | waits if flow is not None else Q(incident=incident)


def reports_of_incident(incident: int, *, viewer: User, about: Q | None = None) -> list[Report]:
    """What people reported of an incident, or what `about` finds for it, newest first. One statement."""
    rows = unsealed(Report.objects.filter(about or Q(incident=incident)), viewer=viewer)
    return list(rows.select_related("customer", "by").order_by("-at"))


def reports_of_customer(customer: Customer, *, viewer: User, at_most: int = 10) -> list[Report]:
    """What a customer reported as far as `viewer` may know, newest first. One statement."""
    rows = unsealed(Report.objects.filter(customer=customer), viewer=viewer)
    return list(rows.select_related("flow").order_by("-at")[:at_most])


def own_report(number: int, *, viewer: User) -> Report | None:
    """A report for the person who wrote it, or for an admin; None for all others. Two statements.

    Of a hidden incident its author learns nothing from it: the report shows none.
    """
    rows = Report.objects.select_related("customer", "flow").filter(pk=number)
    if viewer.access != Access.ADMIN:
        rows = rows.filter(by=viewer)
    return rows.first()


def incident_of(report: Report, *, viewer: User) -> int | None:
    """The incident a report belongs to, as far as `viewer` may know. One statement."""
    return unsealed(Report.objects.filter(pk=report.pk), viewer=viewer).values_list("incident", flat=True).first()


def report_at_hand(number: int, *, viewer: User) -> Report | None:
    """A report one may bring into a room: one's own, or any that waits. None for all others. Three statements."""
    return own_report(number, viewer=viewer) or reports_waiting(viewer=viewer).filter(pk=number).first()
