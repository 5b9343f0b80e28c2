"""The worker clears what is too old, and ends what fell silent."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import manages
from firstcall.detect.commands.group import end_silent, end_silent_alerts
from firstcall.detect.commands.upkeep import clear_old


@manages("detect.upkeep", lane="upkeep", every=300.0)
def run_due(*, now: dt.datetime) -> int:
    """One slice; how many rows left."""
    end_silent(now=now)
    end_silent_alerts(now=now)
    return clear_old(now=now)
