"""The worker keeps how much holds: each day, so that people see where it goes, and lately, for pages in a hurry."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import manages
from firstcall.journal.queries.entry import newest_beside_incidents
from firstcall.learn.queries.readiness import readiness_now
from firstcall.ready.commands.readiness import keep_day, keep_lately
from firstcall.ready.queries.readiness import is_kept, lately

FRESH = dt.timedelta(minutes=10)  # what time alone brings, such as a gap that comes near, is seen within it


@manages("learn.readiness", lane="upkeep", every=600.0)
def run_due(*, now: dt.datetime) -> int:
    """Reckons anew when the journal has news of what is prepared, or after ten minutes; 0: there is never more to do.

    Under a stream of news it rests half a minute in between.
    """
    before, upto = lately(now=now), newest_beside_incidents()
    if before is not None and before.upto == upto and now - before.reckoned_at < FRESH:
        return 0
    found = readiness_now(now=now)
    keep_lately(readiness=found, upto=upto, now=now)
    if not is_kept(now=now):
        keep_day(readiness=found, now=now)
    return 0
