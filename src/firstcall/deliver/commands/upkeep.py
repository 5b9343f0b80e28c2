"""What leaves: jobs that ended well or were taken back, thirty days after they were planned."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.deliver.models.job import Job, State

ENDED = dt.timedelta(days=30)
SLICE = 500


def clear_ended(*, now: dt.datetime) -> int:
    """Delete one slice of old jobs and their attempts; how many jobs. What waits or was given up on stays.

    Numbers rise with time: everything below the first job of the last thirty days is old, which no index need know.
    """
    first = Job.objects.filter(planned_at__gte=now - ENDED).order_by("pk").values_list("pk", flat=True).first()
    old = Job.objects.filter(state__in=[State.DONE, State.CANCELLED])
    old = old.filter(pk__lt=first) if first is not None else old.filter(planned_at__lt=now - ENDED)
    slice_ = list(old.order_by("pk").values_list("pk", flat=True)[:SLICE])
    if slice_:
        with transaction.atomic():
            Job.objects.filter(pk__in=slice_).delete()
    return len(slice_)
