"""The worker's part in telling somebody: the words as they are true at this very moment."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Skip, sends
from firstcall.deliver.models.job import Job
from firstcall.people.models.user import User
from firstcall.people.queries.visibility import visible
from firstcall.respond.commands.told import TOLD
from firstcall.respond.models.incident import Incident


@sends(TOLD, lane="page")
def told(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """Nothing once it is over, and no more than its number for who may not see it."""
    user = User.objects.filter(pk=job.payload["user"], is_active=True).first()
    incident = Incident.objects.select_related("flow").get(pk=job.payload["incident"])
    if user is None or not incident.is_open:
        return Skip("there is nothing to tell any more")
    sees = visible(Incident.objects.filter(pk=incident.pk), viewer=user).exists() and not incident.restricted
    link = settings.BASE_URL + reverse("room", args=[incident.pk])
    headline = (
        _("SEV{severity}: {title}").format(severity=incident.severity, title=incident.title)
        if sees
        else _("{reference}, restricted").format(reference=incident.reference)
    )
    if incident.practice:
        headline = _("PRACTICE.") + " " + headline
    why = str(job.payload["why"]) if sees else ""
    if job.payload["channel"] == "webhook":
        body = {
            "type": "told", "v": 1, "id": job.key, "incident": incident.reference, "person": user.name,
            "headline": headline, "why": why, "link": link,
        }  # fmt: skip
        return Parcel("webhook", to=job.payload["address"], key=job.key, body=json.dumps(body, sort_keys=True).encode())
    text = "\n\n".join(one for one in (headline, why, link) if one) + "\n"
    return Parcel("mail", to=job.payload["address"], key=job.key, subject=headline, text=text)
