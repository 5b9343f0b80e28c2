"""What was asked of the engineers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.models.look_in import LookIn

STANDS = dt.timedelta(minutes=15)


def open_look_ins(incidents: Iterable[int], *, viewer: User, now: dt.datetime) -> list[LookIn]:
    """Look-ins that wait for an answer, or whose question about the severity does: that goes after 15 minutes.

    The newest first, with whom was asked. One statement.
    """
    waits = Q(ended_at=None) | Q(kept_at=None, due_at__gt=now - STANDS)
    rows = LookIn.objects.filter(waits, incident__in=list(incidents))
    return list(visible(rows, viewer=viewer, field="incident").select_related("asked").order_by("-due_at", "-id"))


def look_in_for(*, viewer: User, incident: int, number: int) -> LookIn | None:
    """One look-in of an incident this person may see. One statement."""
    return visible(LookIn.objects.filter(pk=number, incident=incident), viewer=viewer, field="incident").first()
