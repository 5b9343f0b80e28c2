"""When lanes must wake next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import connection

# One row a lane, each of the two moments answered by one step in an index.
DUE = """
SELECT lanes.lane,
    (SELECT MIN(due) FROM deliver_job WHERE lane = lanes.lane AND state = 'waiting'),
    (SELECT MIN(lease_until) FROM deliver_job WHERE lane = lanes.lane AND state = 'leased')
FROM ({lanes}) AS lanes
"""


def next_dues(lanes: Collection[str]) -> dict[str, dt.datetime]:
    """The earliest due time of a waiting job, or end of a lease that may be lost, of each lane that has one.

    One statement.
    """
    chosen = " UNION ALL ".join(["SELECT %s AS lane"] * len(lanes))
    with connection.cursor() as cursor:
        cursor.execute(DUE.format(lanes=chosen), list(lanes))
        rows = cursor.fetchall()
    moments = {lane: [_moment(value) for value in values if value is not None] for lane, *values in rows}
    return {lane: min(found) for lane, found in moments.items() if found}


def _moment(value: dt.datetime | str) -> dt.datetime:
    """SQLite keeps moments as text, in UTC and without saying so."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
