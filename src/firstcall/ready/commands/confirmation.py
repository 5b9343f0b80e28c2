"""'It still holds': said of what was prepared, by somebody, until a day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.ready.events import PREPARED_CONFIRMED
from firstcall.ready.queries.confirmation import Row
from firstcall.ready.queries.readiness import today

USUAL = dt.timedelta(days=90)
FAR = dt.timedelta(days=366)


def confirm(*, row: Row, by: Actor, now: dt.datetime, until: dt.date | None = None) -> None:
    """`row` holds, and has to be looked at again after `until`, by default in 90 days. What a sketch said is meant now.

    What comes from a file may be confirmed: that changes none of its facts. Raises Refused for a day that is over or
    more than a year off.
    """
    day = today(now)
    until = until or day + USUAL
    if until <= day:
        raise Refused(_("Choose a day that is still to come."), field="until")
    if until > day + FAR:
        raise Refused(_("Choose a day within a year: it should be looked at again."), field="until")
    noun = type(row).__name__.lower()
    with transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(confirm_by=until, sketched=False)
        record(
            PREPARED_CONFIRMED, by=by, now=now, subject=f"{noun}:{row.pk}", name=str(row), until=until.isoformat()
        )  # fmt: skip
    row.confirm_by, row.sketched = until, False
