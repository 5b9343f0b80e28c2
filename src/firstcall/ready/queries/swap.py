"""Swaps nobody has answered yet."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from firstcall.people.models.user import User
from firstcall.ready.models.swap import Swap


def open_swaps(viewer: User, *, now: dt.datetime) -> list[Swap]:
    """Those that concern the viewer and are not over, what waits for their answer first. One statement."""
    rows = Swap.objects.select_related("schedule", "asker", "asked").filter(answered_at=None, ends__gt=now)
    mine = rows.filter(Q(asker=viewer) | Q(asked=viewer))
    return sorted(mine, key=lambda row: (row.asked_id != viewer.pk, row.starts))
