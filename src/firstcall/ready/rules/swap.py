"""When somebody is reminded that a swap waits for their answer."""

from __future__ import annotations

import datetime as dt

BEFORE = dt.timedelta(days=1)
TOO_LATE = dt.timedelta(hours=1)  # what begins sooner needs a call, not a mail


def reminds_at(*, asked_at: dt.datetime, starts: dt.datetime) -> dt.datetime | None:
    """Once: a day before the shift, or half way to one that begins sooner. None when it begins within the hour."""
    if starts - asked_at < TOO_LATE:
        return None
    return max(starts - BEFORE, asked_at + (starts - asked_at) / 2)
