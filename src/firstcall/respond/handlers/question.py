"""The answer, by mail to who asked."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Skip, sends
from firstcall.deliver.models.job import Job
from firstcall.people.queries.visibility import visible
from firstcall.respond.commands.question import WORD
from firstcall.respond.models.incident import Incident
from firstcall.respond.models.question import Question


@sends(WORD, lane="update")
def answer_word(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """Nothing to who may no longer see it. A restricted incident's mail says only that there is one."""
    row = Question.objects.select_related("incident", "asked_by").get(pk=job.payload["question"], asked_at__lte=now)
    incident = row.incident
    if not visible(Incident.objects.filter(pk=incident.pk), viewer=row.asked_by).exists():
        return Skip("it is no longer theirs to see")
    url = settings.BASE_URL + reverse("room", args=[incident.pk])
    if incident.restricted:
        subject = _("{reference}, restricted").format(reference=incident.reference)
        return Parcel("mail", to=row.asked_by.email, key=job.key, subject=subject, text=f"{subject}\n{url}\n")
    subject = _("{reference}: the answer to your question").format(reference=incident.reference)
    text = f"> {row.text}\n\n{row.answer}\n\n{url}\n"
    return Parcel("mail", to=row.asked_by.email, key=job.key, subject=subject, text=text)
