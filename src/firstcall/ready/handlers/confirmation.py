"""Asks owners what still holds: one mail a week, and none when nothing waits."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstcall.deliver.kinds import Parcel, Skip, manages, sends
from firstcall.deliver.models.job import Job
from firstcall.people.models.user import User
from firstcall.ready.commands.confirmation import ASK, ask_to_confirm
from firstcall.ready.queries.confirmation import due_for
from firstcall.ready.queries.readiness import today

MOST = 30


@manages("ready.confirmations", lane="bulk", every=600.0, rest=300.0)
def ask_due(*, now: dt.datetime) -> int:
    """Whom nobody has asked this week; 0, for there is never more at once."""
    ask_to_confirm(now=now)
    return 0


@sends(ASK, lane="bulk")
def confirm_mail(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """What one person looks after and has to confirm, as it stands when it is sent."""
    person = User.objects.filter(pk=job.payload["person"], is_active=True, confirm_mail=True).first()
    rows = due_for(person, today=today(now)) if person is not None else []
    if person is None or not rows:
        return Skip("nothing is to be confirmed any more")
    names = [f"- {one.row}" for one in rows[:MOST]]
    if len(rows) > MOST:
        names.append(_("and {n} more").format(n=len(rows) - MOST))
    text = _(
        "Hello {name},\n\nyou look after these. Is what is written of them still true?\n\n{names}\n\nSay ‘It still "
        "holds’ or change it here:\n{url}\n\nThis mail comes on Mondays, and only when something waits. No more of it: "
        "untick it in your profile, {profile}\n"
    ).format(
        name=person.name, names="\n".join(names), url=settings.BASE_URL + reverse("to_confirm"),
        profile=settings.BASE_URL + reverse("profile"),
    )  # fmt: skip
    subject = ngettext("Does this still hold? {n} thing", "Do these still hold? {n} things", len(rows))
    return Parcel("mail", to=person.email, key=job.key, subject=subject.format(n=len(rows)), text=text)
