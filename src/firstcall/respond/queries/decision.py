"""Questions put and decided."""

from __future__ import annotations

from collections.abc import Iterable

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.decision import Decision


def decisions_of(incidents: Iterable[int], *, viewer: User) -> list[Decision]:
    """Decisions of these incidents, the open ones first, then the newest. One statement."""
    rows = Decision.objects.filter(incident__in=list(incidents))
    found = visible(rows, viewer=viewer, field="incident").select_related("opened_by", "decided_by")
    return sorted(found, key=lambda one: (one.decided_at is not None, -one.pk))
