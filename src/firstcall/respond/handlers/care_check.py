"""The worker's part in care checks."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.respond.commands.care_check import DUE, ask_care


@stores(DUE, lane="update")
def care_check(job: Job, *, now: dt.datetime) -> None:
    """Asks once, and plans the next."""
    ask_care(incident_id=job.payload["incident"], user_id=job.payload["user"], now=now)
