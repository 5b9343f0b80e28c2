"""Planning and ending jobs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from firstcall.deliver.kinds import JOB_KINDS
from firstcall.deliver.models.job import Job, State
from firstcall.journal.wake import announce


def plan_job(
    kind: str,
    *,
    key: str,
    now: dt.datetime,
    payload: dict[str, Any],
    due: dt.datetime | None = None,
    subject: str = "",
    rank: int = 50,
) -> None:
    """Plan a job in the caller's transaction, due at once unless `due` says later.

    `key` names the effect: planning the same key again changes nothing. `payload` is plain JSON and gets its
    version `v`. One statement.
    """
    plan_jobs(kind, {key: payload}, now=now, due=due, subject=subject, rank=rank)


def plan_jobs(
    kind: str,
    payloads: Mapping[str, dict[str, Any]],
    *,
    now: dt.datetime,
    due: dt.datetime | None = None,
    subject: str = "",
    rank: int = 50,
) -> None:
    """Plan many jobs of one kind at once: key to payload. A key already planned is left as it is.

    One statement for up to about eighty; a caller with thousands plans them in slices: no transaction grows long.
    """
    with transaction.atomic(savepoint=False):
        Job.objects.bulk_create(
            [
                Job(
                    kind=kind, key=key, lane=JOB_KINDS[kind].lane, payload={"v": 1, **payload}, due=due or now,
                    wanted_at=due or now, subject=subject, rank=rank, planned_at=now,
                )
                for key, payload in payloads.items()
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        if payloads:
            announce()


def hasten_jobs(*, kind: str, subject: str, now: dt.datetime, key: str | None = None) -> int:
    """Jobs of a subject (only that of `key`) that wait for a later time and were never tried are due now; how many.

    A retry keeps its time.
    """
    rows = Job.objects.filter(kind=kind, subject=subject, state=State.WAITING, due__gt=now, tries=0)
    rows = rows if key is None else rows.filter(key=key)
    with transaction.atomic(savepoint=False):
        found = rows.update(due=now, wanted_at=now)
        if found:
            announce()
    return found


def cancel_jobs(*, subject: str, now: dt.datetime, reason: str, kind: str | None = None) -> int:
    """End the jobs of a subject that nobody has taken yet; how many. One under way ends by its own handler's check."""
    jobs = Job.objects.filter(subject=subject, state=State.WAITING)
    if kind is not None:
        jobs = jobs.filter(kind=kind)
    return jobs.update(state=State.CANCELLED, ended_at=now, reason=reason)
