"""The worker's part in a test page."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Refusal, Sent, Skip, sends
from firstcall.deliver.models.job import Job
from firstcall.respond.commands.trial import note_trial, trial_token
from firstcall.respond.models.trial import Trial


def settled(job: Job, *, now: dt.datetime, result: Sent | Refusal) -> None:
    """When it left, or why it can't."""
    trial = Trial.objects.filter(pk=job.payload["trial"]).first()
    if trial is not None:
        note_trial(trial=trial, now=now, reason="" if isinstance(result, Sent) else result.reason)


@sends("respond.trial", lane="page", settled=settled)
def trial(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """It takes the way of a real page, and its first words say that it is a test."""
    row = Trial.objects.select_related("user").filter(pk=job.payload["trial"], user__is_active=True).first()
    if row is None:
        return Skip("the account has ended")
    link = settings.BASE_URL + reverse("trial", args=[trial_token(row)])
    headline = _("TEST PAGE for {name}: nothing is broken. Answer it.").format(name=row.user.name)
    if row.channel == "webhook":
        body = {"type": "page.test", "v": 1, "id": job.key, "person": row.user.name, "headline": headline, "link": link}
        return Parcel(channel="webhook", to=row.address, key=job.key, body=json.dumps(body, sort_keys=True).encode())
    context = {"headline": headline, "link": link}
    return Parcel(
        channel="mail", to=row.address, key=job.key, subject=headline,
        text=render_to_string("respond/mail/trial.txt", context),
        html=render_to_string("respond/mail/trial.html", context),
    )  # fmt: skip
