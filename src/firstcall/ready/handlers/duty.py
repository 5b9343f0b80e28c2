"""Asks people whether they take what they are named for: one mail, and not again for 90 days."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Skip, manages, sends
from firstcall.deliver.models.job import Job
from firstcall.people.models.user import User
from firstcall.ready.commands.duty import ASK, ask_for_duties, words_of
from firstcall.ready.models.duty import Duty


@manages("ready.duties", lane="bulk", every=600.0, rest=300.0)
def ask_due(*, now: dt.datetime) -> int:
    """Whom nobody has asked yet; 0, for there is never more at once."""
    ask_for_duties(now=now)
    return 0


@sends(ASK, lane="bulk")
def duty_mail(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """What a person would do in an incident, and where to say that they take it."""
    person = User.objects.filter(pk=job.payload["person"], is_active=True).first()
    rows = Duty.objects.select_related("flow", "team").filter(pk__in=job.payload["duties"])
    lines = [f"- {words_of(row)}" for row in rows]
    if person is None or not lines:
        return Skip("there is nothing to take any more")
    text = _(
        "Hello {name},\n\nwhen something breaks, you would be:\n\n{lines}\n\nIs that right? Say ‘I take this’ here, or "
        "talk to whoever named you:\n{url}\n\nYou are asked once, and again in 90 days.\n"
    ).format(name=person.name, lines="\n".join(lines), url=f"{settings.BASE_URL}/profile/duties/")
    return Parcel("mail", to=person.email, key=job.key, subject=_("Firstcall: do you take this?"), text=text)
