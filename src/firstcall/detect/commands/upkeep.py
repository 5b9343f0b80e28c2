"""What leaves: bodies after seven days, hourly counts after four hundred."""

from __future__ import annotations

import datetime as dt

from firstcall.detect.models.alert import AlertHour
from firstcall.detect.models.inbox import Inbox, InboxState

BODIES = dt.timedelta(days=7)
HOURS = dt.timedelta(days=400)
SLICE = 500


def clear_old(*, now: dt.datetime) -> int:
    """Delete one slice of what is too old; how many rows. What is not folded yet stays, however old it is."""
    old = Inbox.objects.filter(received_at__lt=now - BODIES).exclude(state=InboxState.NEW).order_by("received_at")
    bodies, _ = Inbox.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:SLICE])).delete()
    past = AlertHour.objects.filter(hour__lt=now - HOURS).values_list("pk", flat=True)
    hours, _ = AlertHour.objects.filter(pk__in=list(past[:SLICE])).delete()
    return bodies + hours
