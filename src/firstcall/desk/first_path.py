"""The first path: two people take weeks in turn, and whoever does not answer is followed by both by name."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.ready.commands.path import Step, set_path
from firstcall.ready.commands.schedule import Layer, set_schedule
from firstcall.ready.models.flow import Flow
from firstcall.ready.models.path import EscalationPath


def make_first_path(*, first: User, second: User | None, by: Actor, now: dt.datetime) -> EscalationPath:
    """A weekly rotation from this Monday, 09:00, and a path along it for every flow that has none. Raises Refused."""
    if second is None:
        raise Refused(_("Choose the second person: alone, nobody follows when you sleep."), field="other")
    today = now.astimezone(ZoneInfo(first.zone)).date()
    turns = Layer((first, second), dt.time(9), today - dt.timedelta(days=today.weekday()))
    with transaction.atomic():
        schedule = set_schedule(name=_("Weekly turns"), zone=first.zone, layers=[turns], owner=first, by=by, now=now)
        return set_path(
            name=_("First path"), steps=[Step(schedule, 5), Step(second, 5), Step(first, 10)],
            flows=list(Flow.objects.filter(path=None)), by=by, now=now,
        )  # fmt: skip
