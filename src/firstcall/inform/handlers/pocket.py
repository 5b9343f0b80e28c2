"""The pocket sheet by mail, each week, to those on it who wish."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Skip, manages, sends
from firstcall.deliver.models.job import Job
from firstcall.inform.commands.pocket import plan_pocket_mails
from firstcall.inform.queries.pocket import pocket_sheet
from firstcall.people.models.user import User
from firstcall.people.rules.access import can


@manages("inform.pockets", lane="upkeep", every=600.0, rest=60.0)
def plan_due(*, now: dt.datetime) -> int:
    """Plan what is due; 0, for there is never more at once."""
    plan_pocket_mails(now=now)
    return 0


@sends("inform.pocket", lane="bulk")
def pocket(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """As it stands when it is sent; not to who may see it no longer, and not to who is not on it."""
    person = User.objects.filter(pk=job.payload["person"], is_active=True, pocket_wish__isnull=False).first()
    if person is None or not can(person.access, "support"):
        return Skip("not wished any more")
    sheet = pocket_sheet(now=now)
    if person not in sheet.people:
        return Skip("not on the sheet")
    context = {"sheet": sheet, "now": now, "link": settings.BASE_URL + reverse("pocket")}
    with timezone.override(ZoneInfo(person.zone)):
        text = render_to_string("inform/mail/pocket.txt", context)
        html = render_to_string("inform/mail/pocket.html", context)
        subject = _("Pocket sheet, {day}: print it").format(day=f"{timezone.localtime(now):%Y-%m-%d}")
    return Parcel("mail", to=person.email, key=job.key, subject=subject, text=text, html=html)
