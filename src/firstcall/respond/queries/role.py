"""Who does what."""

from __future__ import annotations

from collections.abc import Iterable

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.role import RoleHolding


def holdings_of(incidents: Iterable[int], *, viewer: User) -> list[RoleHolding]:
    """The roles held now in these incidents, with their people. One statement."""
    rows = RoleHolding.objects.filter(incident__in=list(incidents), until=None)
    return list(visible(rows, viewer=viewer, field="incident").select_related("user").order_by("since", "id"))
