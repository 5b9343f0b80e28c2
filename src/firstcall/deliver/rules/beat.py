"""When a process that should be heard every few seconds counts as silent."""

from __future__ import annotations

import datetime as dt

SILENT = dt.timedelta(seconds=60)


def silent_since(heard: dt.datetime | None, *, watching_since: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Since when it is silent, None while it is well.

    Who has only just begun to watch waits a minute before judging: both may have started together. One never heard at
    all is silent since the watching began.
    """
    begun = max(heard or watching_since, watching_since)
    return (heard or watching_since) if now - begun > SILENT else None
