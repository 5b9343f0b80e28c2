"""When a page asks whether what it shows still holds."""

from __future__ import annotations

import datetime as dt

from django import template

from firstcall.ready.models.prepared import Prepared
from firstcall.ready.queries.readiness import today

register = template.Library()

SOON = dt.timedelta(days=14)


@register.filter
def asks(row: Prepared, now: dt.datetime) -> bool:
    """Not right after it was said: from two weeks before its day, or when nobody has said it yet."""
    return row.sketched or row.confirm_by is None or row.confirm_by <= today(now) + SOON
