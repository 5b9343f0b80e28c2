"""The worker's part in look-ins."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import stores
from firstcall.deliver.models.job import Job
from firstcall.respond.commands.look_in import DUE, LATE, ask_look_in, note_late


@stores(DUE, lane="page")
def look_in(job: Job, *, now: dt.datetime) -> None:
    """Asks once, and plans the next."""
    due_at = dt.datetime.fromisoformat(job.payload["due_at"])
    ask_look_in(incident_id=job.payload["incident"], due_at=due_at, now=now)


@stores(LATE, lane="page")
def look_in_late(job: Job, *, now: dt.datetime) -> None:
    """Nothing when it was answered meanwhile."""
    note_late(look_in_id=job.payload["look_in"], now=now)
