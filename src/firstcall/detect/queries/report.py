"""Reports, as screens read them."""

from __future__ import annotations

from django.db.models import QuerySet

from firstcall.detect.models.report import Report


def reports_waiting() -> QuerySet[Report]:
    """Reports that belong to no incident yet, newest first: those of an incident are read in its room."""
    return Report.objects.filter(incident__isnull=True).select_related("customer", "flow", "by").order_by("-at")
