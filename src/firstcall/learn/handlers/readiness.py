"""Once a day the worker keeps how much held, so that people see where it goes."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import manages
from firstcall.learn.queries.readiness import readiness_now
from firstcall.ready.commands.readiness import keep_day
from firstcall.ready.queries.readiness import is_kept


@manages("learn.readiness_day", lane="upkeep", every=600.0)
def run_due(*, now: dt.datetime) -> int:
    """Looks every ten minutes whether today is kept; 0, for there is never more to do."""
    if not is_kept(now=now):
        keep_day(readiness=readiness_now(now=now), now=now)
    return 0
