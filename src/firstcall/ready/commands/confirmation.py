"""'It still holds': said of what was prepared, by somebody, until a day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.models.job import Job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.events import CONFIRMATION_ASKED, PREPARED_CONFIRMED
from firstcall.ready.queries.confirmation import Row, all_kept, contracts
from firstcall.ready.queries.readiness import today

ASK = "ready.confirm_mail"
HOUR = 9  # of the reader's clock
USUAL = dt.timedelta(days=90)
FAR = dt.timedelta(days=366)


def ask_to_confirm(*, now: dt.datetime) -> int:
    """Plan a mail for everybody who owns something that is due, on Mondays from 9 of their own clock, once a week.

    Who wants none, and who plays in the sample company, gets none. Returns how many were planned.
    """
    keys = {}
    for user in User.objects.filter(is_active=True, confirm_mail=True, sample=False).order_by("pk"):
        local = now.astimezone(ZoneInfo(user.zone))
        if local.isoweekday() == 1 and local.hour >= HOUR:
            keys[f"confirm:{local.date().isoformat()}:{user.pk}"] = user
    for key in Job.objects.filter(key__in=list(keys)).values_list("key", flat=True):
        del keys[key]
    if not keys:
        return 0
    due = Counter(one.owner.pk for one in all_kept(today=today(now)) if one.due and one.owner is not None)
    due.update({one.owner: one.due for one in contracts(today=today(now))})
    asked = {key: user for key, user in keys.items() if due[user.pk]}
    with transaction.atomic():
        for key, user in asked.items():
            plan_job(ASK, key=key, now=now, payload={"person": user.pk}, rank=80)
            subject = f"person:{user.pk}"
            record(CONFIRMATION_ASKED, by=MACHINE, now=now, subject=subject, name=user.name, n=due[user.pk])
    return len(asked)


def by_saving(*, by: Actor, now: dt.datetime) -> dict[str, Any]:
    """Whoever saves a row says that it holds for the usual while: the facts to store with it. A machine says nothing,
    and neither does a file of what it does not mention."""
    return {"confirm_by": today(now) + USUAL, "sketched": False} if by.kind == "person" else {}


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
