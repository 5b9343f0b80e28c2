"""The worker's part in a change of hands: the mail to who shall take over, and the five minutes."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Skip, sends, stores
from firstcall.deliver.models.job import Job
from firstcall.respond.commands.handover import LATE, WORD, note_handover_late
from firstcall.respond.models.handover import Handover


@stores(LATE, lane="update")
def handover_late(job: Job, *, now: dt.datetime) -> None:
    """Nothing when it was answered meanwhile."""
    note_handover_late(handover_id=job.payload["handover"], now=now)


@sends(WORD, lane="update")
def handover_word(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """A restricted incident's mail says only that there is one."""
    row = Handover.objects.select_related("incident", "giver", "taker").get(pk=job.payload["handover"])
    if row.answered_at is not None and row.answered_at <= now:
        return Skip("it was answered")
    if not row.taker.is_active:
        return Skip("the account has ended")
    url = settings.BASE_URL + reverse("handover", args=[row.incident_id, row.pk])
    if row.incident.restricted:
        subject = _("{reference}, restricted").format(reference=row.incident.reference)
        return Parcel("mail", to=row.taker.email, key=job.key, subject=subject, text=f"{subject}\n{url}\n")
    subject = _("{reference}: {giver} asks you to take over as {role}").format(
        reference=row.incident.reference, giver=row.giver.name, role=row.get_role_display().lower()
    )
    text = f"{row.incident.title}\n\n{row.note}\n\n" + _("Accept or decline here:") + f"\n{url}\n"
    return Parcel("mail", to=row.taker.email, key=job.key, subject=subject, text=text)
