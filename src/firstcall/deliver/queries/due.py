"""When a lane must wake next."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.models.job import Job, State


def next_due(*, lane: str) -> dt.datetime | None:
    """The earliest due time of a waiting job, or end of a lease that may be lost; None when there is neither.

    Two statements, each answered by an index.
    """
    waiting = Job.objects.filter(lane=lane, state=State.WAITING).order_by("due").values_list("due", flat=True).first()
    leased = (
        Job.objects.filter(lane=lane, state=State.LEASED)
        .order_by("lease_until").values_list("lease_until", flat=True).first()
    )  # fmt: skip
    return min((moment for moment in (waiting, leased) if moment is not None), default=None)
