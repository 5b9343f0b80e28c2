"""The worker's part in an escalation: run the step that is due."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.respond.commands.escalation import STEP, run_step


@stores(STEP, lane="page")
def escalation_step(job: Job, *, now: dt.datetime) -> None:
    run_step(escalation_id=job.payload["escalation"], step=job.payload["step"], now=now)
