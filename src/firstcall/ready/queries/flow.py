"""The register of flows."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When

from firstcall.ready.models.flow import Criticality, Flow

RANK = Case(
    When(criticality=Criticality.CRITICAL, then=Value(0)),
    When(criticality=Criticality.IMPORTANT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def flows_by_criticality() -> QuerySet[Flow]:
    """All flows with their people, the most critical first, then by name. One statement."""
    return Flow.objects.select_related("owner", "technical_owner", "path").order_by(RANK, "name")


def flow_called(slug: str) -> Flow | None:
    """One flow by its slug, or None. One statement."""
    return Flow.objects.select_related("owner", "technical_owner", "path").filter(slug=slug).first()
