"""Providers that somebody is to ring."""

from __future__ import annotations

from collections.abc import Iterable

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.ring import Ring


def open_rings(incidents: Iterable[int], *, viewer: User) -> list[Ring]:
    """Those nobody has rung yet, in the order they were asked for. One statement."""
    rows = visible(Ring.objects.filter(incident__in=list(incidents), rung_at=None), viewer=viewer, field="incident")
    return list(rows.select_related("provider", "asked").order_by("asked_at", "id"))


def ring_for(*, viewer: User, incident: int, pk: int) -> Ring | None:
    """One of them, rung or not; None when it isn't there or may not be seen. One statement."""
    rows = visible(Ring.objects.filter(incident=incident, pk=pk), viewer=viewer, field="incident")
    return rows.select_related("provider", "incident").first()
