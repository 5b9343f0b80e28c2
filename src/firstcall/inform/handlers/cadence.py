"""Looks at the promised words every few seconds, and runs what they ask for."""

from __future__ import annotations

import datetime as dt

from firstcall.deliver.kinds import manages, stores
from firstcall.deliver.models.job import Job
from firstcall.inform.commands.cadence import note_missed, still_due, warn_speaker, watch_clocks
from firstcall.inform.commands.update import fan_out as plan_slice
from firstcall.inform.models.update import Update
from firstcall.respond.models.incident import Incident


@manages("inform.clocks", lane="update", every=10.0)
def clocks(*, now: dt.datetime) -> int:
    """Never asks to be run again at once: what is soon stays soon for minutes."""
    watch_clocks(now=now)
    return 0


def _promise(job: Job) -> tuple[Incident, str, dt.datetime]:
    due_at = dt.datetime.fromisoformat(job.payload["due_at"])
    return Incident.objects.get(pk=job.payload["incident"]), job.payload["audience"], due_at


@stores("inform.clock_soon", lane="update")
def clock_soon(job: Job, *, now: dt.datetime) -> None:
    """Nothing when the word was sent meanwhile."""
    incident, audience, due_at = _promise(job)
    if still_due(incident, audience, due_at, now=now):
        warn_speaker(incident=incident, audience=audience, due_at=due_at, now=now)


@stores("inform.clock_late", lane="update")
def clock_late(job: Job, *, now: dt.datetime) -> None:
    """Nothing when the word was sent meanwhile."""
    incident, audience, due_at = _promise(job)
    if still_due(incident, audience, due_at, now=now):
        note_missed(incident=incident, audience=audience, due_at=due_at, now=now)


@stores("inform.fan_out", lane="bulk")
def fan_out(job: Job, *, now: dt.datetime) -> None:
    """The next slice of an update's subscribers."""
    update = Update.objects.select_related("incident").get(pk=job.payload["update"])
    plan_slice(update=update, after=job.payload["after"], now=now)
