"""Groups of alerts, as screens and other phases read them."""

from __future__ import annotations

from django.db.models import QuerySet

from firstcall.detect.models.group import AlertGroup, Verdict


def groups_of_incident(incident: int) -> list[AlertGroup]:
    """The groups that belong to an incident, oldest first. The caller has checked who may see the incident."""
    return list(
        AlertGroup.objects.filter(incident=incident)
        .select_related("component", "flow")
        .prefetch_related("alerts__source")
        .order_by("opened_at")
    )


def open_groups() -> QuerySet[AlertGroup]:
    """What fires now, paging groups first."""
    return (
        AlertGroup.objects.filter(closed_at__isnull=True)
        .select_related("component", "flow")
        .order_by("-verdict", "-last_at")
    )


def waiting_digest() -> QuerySet[AlertGroup]:
    """Groups that wait for the morning and that nobody has answered yet, oldest first."""
    return (
        AlertGroup.objects.filter(verdict=Verdict.DIGEST, answer="")
        .select_related("component", "flow")
        .order_by("opened_at")
    )
