"""What the watchdog asks: is anything late, lost, stuck or given up?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from firstcall.deliver.models.job import Job, Lane, State

LATE = dt.timedelta(seconds=10)


def oldest_due_page(*, now: dt.datetime) -> float | None:
    """Seconds the oldest due page has waited since it was first due, None when none waits. One statement."""
    oldest = (
        Job.objects.filter(lane=Lane.PAGE, state__in=[State.WAITING, State.LEASED], wanted_at__lte=now)
        .order_by("wanted_at")
        .values_list("wanted_at", flat=True)
        .first()
    )
    return None if oldest is None else (now - oldest).total_seconds()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the auditor found: `kind` late, failing, parked or untried; `count` jobs; `detail` in words."""

    kind: str
    count: int
    detail: str


def findings(*, now: dt.datetime) -> list[Finding]:
    """What is wrong with the work of the product itself, gravest first. Four statements at most."""
    found = []
    late = Job.objects.filter(state=State.WAITING, lane=Lane.PAGE, wanted_at__lte=now - LATE).count()
    if late:
        found.append(Finding("late", late, ""))
    stuck = Job.objects.filter(state=State.LEASED, lease_until__lte=now - LATE).count()
    if stuck:
        found.append(Finding("stuck", stuck, ""))
    failing = (
        Job.objects.filter(state=State.WAITING, tries__gte=2).exclude(reason="")
        .values("reason").annotate(count=Count("id")).order_by("-count")[:3]
    )  # fmt: skip
    found += [Finding("failing", row["count"], row["reason"]) for row in failing]
    parked = (
        Job.objects.filter(state=State.PARKED, ended_at__gte=now - dt.timedelta(days=7))
        .values("reason").annotate(count=Count("id")).order_by("-count")[:3]
    )  # fmt: skip
    found += [Finding("parked", row["count"], row["reason"]) for row in parked]
    return found
