"""Quiet hours of a person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.events import QUIET_CHANGED
from firstcall.people.models.user import User

MOST = dt.timedelta(hours=12)
DAY = dt.date(2000, 1, 1)  # any day will do to reckon how long wall times are apart


def set_quiet(
    *, person: User, starts: dt.time | None, ends: dt.time | None, by: Actor, now: dt.datetime
) -> None:  # fmt: skip
    """Every day from `starts` until before `ends`, wall times of the person's zone; both None: none any more.

    Raises Refused for one without the other, and for more than twelve hours.
    """
    if (starts is None) != (ends is None):
        raise Refused(
            _("Say both when quiet begins and when it ends."), field="quiet_to" if ends is None else "quiet_from"
        )
    if starts is not None and ends is not None:
        starts, ends = starts.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
        lasts = (dt.datetime.combine(DAY, ends) - dt.datetime.combine(DAY, starts)) % dt.timedelta(days=1)
        if not dt.timedelta(0) < lasts <= MOST:
            raise Refused(_("Twelve hours at most: somebody has to reach you on the same day."), field="quiet_to")
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=person.pk)
        if (row.quiet_from, row.quiet_to) == (starts, ends):
            return
        row.quiet_from, row.quiet_to = starts, ends
        row.save(update_fields=["quiet_from", "quiet_to"])
        hours = _("none") if starts is None or ends is None else f"{starts:%H:%M}–{ends:%H:%M}"
        record(QUIET_CHANGED, by=by, now=now, subject=f"person:{row.pk}", hours=hours)
    person.quiet_from, person.quiet_to = starts, ends
