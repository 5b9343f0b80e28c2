"""When somebody is asked whether they are all right."""

from __future__ import annotations

import datetime as dt

FIRST_AFTER = dt.timedelta(hours=3)
AGAIN_AFTER = dt.timedelta(hours=2)


def next_check(since: dt.datetime, *, now: dt.datetime) -> dt.datetime:
    """After three hours of work, then every two, however often roles change meanwhile."""
    due = since + FIRST_AFTER
    while due <= now:
        due += AGAIN_AFTER
    return due


def hours_at_work(since: dt.datetime, *, now: dt.datetime) -> int:
    """Whole hours."""
    return max(0, int((now - since).total_seconds() // 3600))
