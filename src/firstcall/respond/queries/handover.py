"""Roles that are on their way from one person to the next."""

from __future__ import annotations

from collections.abc import Iterable

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.handover import Handover


def open_handovers(incidents: Iterable[int], *, viewer: User) -> list[Handover]:
    """Offers nobody has answered yet, with both people. One statement."""
    rows = Handover.objects.filter(incident__in=list(incidents), answered_at=None)
    rows = visible(rows, viewer=viewer, field="incident")
    return list(rows.select_related("giver", "taker").order_by("offered_at", "id"))


def handover_for(*, viewer: User, incident: int, number: int) -> Handover | None:
    """One offer, open or ended, of an incident this person may see. One statement."""
    rows = visible(Handover.objects.filter(pk=number, incident=incident), viewer=viewer, field="incident")
    return rows.select_related("giver", "taker").first()
