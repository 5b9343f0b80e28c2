"""Wishing for the pocket sheet by mail, and planning its mails."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.inform.events import POCKET_WISHED
from firstcall.inform.models.pocket import PocketWish
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User

NOON = dt.time(12)


def wish_pocket(*, user: User, day: int, by: Actor, now: dt.datetime) -> None:
    """From now on each week on this ISO weekday; 0: no more. Raises Refused for a day there is none of."""
    if not 0 <= day <= 7:
        raise Refused(_("Choose a day of the week, or not by mail."), field="day")
    with transaction.atomic():
        if day:
            PocketWish.objects.update_or_create(user=user, defaults={"day": day})
        else:
            PocketWish.objects.filter(user=user).delete()
        record(POCKET_WISHED, by=by, now=now, subject=f"person:{user.pk}", day=day)


def plan_pocket_mails(*, now: dt.datetime) -> int:
    """A mail for everybody whose noon has come this week, once a week and person; how many are due. Two and more
    statements only while some are due."""
    due = 0
    for wish in PocketWish.objects.filter(user__is_active=True).select_related("user"):
        local = now.astimezone(ZoneInfo(wish.user.zone))
        if (local.isoweekday(), local.time() >= NOON) != (wish.day, True):
            continue
        year, week, _day = local.isocalendar()
        plan_job("inform.pocket", key=f"pocket:{year}-{week}:{wish.user_id}", now=now, payload={"person": wish.user_id})
        due += 1
    return due
