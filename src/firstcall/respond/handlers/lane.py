"""The worker's part in lanes: decide the one that is due."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.respond.commands.lane import LANE, run_lane


@stores(LANE, lane="page")
def lane(job: Job, *, now: dt.datetime) -> None:
    run_lane(escalation_id=job.payload["escalation"], index=job.payload["lane"], now=now)
