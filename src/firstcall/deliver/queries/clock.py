"""The database's clock, by which jobs are due and leases end: one clock for all nodes."""

from __future__ import annotations

import datetime as dt
import time

from django.db import DatabaseError, connection

from firstcall.kernel import clock

FRESH = 1.0  # seconds for which one reading of the database's clock is carried on by our own


class _Reading:
    """The last reading of a database's clock, and when it was taken. Replaced as a whole, so threads may share it."""

    def __init__(self, instant: dt.datetime, taken: float) -> None:
        self.instant, self.taken = instant, taken


_last: _Reading | None = None


def store_now() -> dt.datetime:
    """The present instant by the database. SQLite shares this machine's clock; PostgreSQL is asked once a second.

    While PostgreSQL can't be asked, its last answer is carried on.
    """
    if connection.vendor != "postgresql":
        return clock.now()
    global _last
    last = _last
    if last is None or time.monotonic() - last.taken > FRESH:
        last = _last = _read(last)
    return last.instant + dt.timedelta(seconds=time.monotonic() - last.taken)


def _read(last: _Reading | None) -> _Reading:
    taken = time.monotonic()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            return _Reading(cursor.fetchone()[0].astimezone(dt.UTC), taken)
    except DatabaseError:
        if last is None:
            raise
        return last
