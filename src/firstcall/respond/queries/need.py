"""What people wait for."""

from __future__ import annotations

from collections.abc import Iterable

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.need import Need


def open_needs(incidents: Iterable[int], *, viewer: User) -> list[Need]:
    """Needs not met yet in these incidents, the one due first on top, with their people. One statement."""
    rows = Need.objects.filter(incident__in=list(incidents), met_at=None)
    return list(
        visible(rows, viewer=viewer, field="incident").select_related("asked_by", "with_whom").order_by("due_at", "id")
    )
