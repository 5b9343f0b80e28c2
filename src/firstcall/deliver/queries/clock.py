"""The database's clock, by which jobs are due and leases end: one clock for all nodes."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from firstcall.kernel import clock


def store_now() -> dt.datetime:
    """The present instant by the database. SQLite shares this machine's clock."""
    if connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        instant: dt.datetime = cursor.fetchone()[0]
    return instant.astimezone(dt.UTC)
