"""Who was asked whether they are all right."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.care_check import CareCheck


def open_care_checks(incidents: Iterable[int], *, viewer: User) -> list[CareCheck]:
    """Checks that wait for an answer, for relief, or for somebody to see to food and rest. One statement."""
    rows = CareCheck.objects.filter(Q(ended_at=None) | Q(seen_at=None), incident__in=list(incidents))
    return list(visible(rows, viewer=viewer, field="incident").select_related("user").order_by("asked_at", "id"))


def care_check_of(viewer: User, *, incident: int) -> CareCheck | None:
    """What this person was asked and hasn't ended. One statement."""
    rows = CareCheck.objects.filter(incident=incident, user=viewer, ended_at=None)
    return visible(rows, viewer=viewer, field="incident").first()
