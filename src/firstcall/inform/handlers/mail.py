"""Mails that carry words: to people inside, to subscribers, and the one that asks a subscriber to confirm."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Skip, sends
from firstcall.deliver.models.job import Job
from firstcall.inform.commands.subscriber import confirm_token, end_token
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.models.update import Update
from firstcall.people.models.user import User


def _headline(update: Update) -> str:
    state = str(update.get_state_display())
    what = update.incident.flow.name if update.incident.flow else update.text.split(". ")[0][:80]
    return f"{state}: {what}"


@sends("inform.inside_mail", lane="update")
def inside_mail(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """An update to somebody in the company. A restricted incident says only that there is one."""
    update = Update.objects.select_related("incident__flow").get(pk=job.payload["update"])
    person = User.objects.filter(pk=job.payload["person"], is_active=True).first()
    if person is None:
        return Skip("the account has ended")
    incident = update.incident
    url = f"{settings.BASE_URL}/incidents/{incident.pk}/"
    if incident.restricted:
        subject = text = _("%(reference)s, restricted") % {"reference": incident.reference}
        return Parcel("mail", to=person.email, key=job.key, subject=subject, text=f"{text}\n{url}\n")
    subject = f"[{incident.reference} SEV{update.severity}] {_headline(update)}"
    text = render_to_string("inform/mail/inside.txt", {"update": update, "incident": incident, "url": url})
    return Parcel("mail", to=person.email, key=job.key, subject=subject, text=text)


@sends("inform.subscriber_mail", lane="bulk")
def subscriber_mail(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """A public update to a confirmed subscriber, with one click to end it (RFC 8058)."""
    row = Subscriber.objects.select_related("page").filter(pk=job.payload["subscriber"]).first()
    if row is None or row.ended_at is not None or row.confirmed_at is None:
        return Skip("the subscription has ended")
    update = Update.objects.select_related("incident__flow").get(pk=job.payload["update"])
    if update.incident.restricted:
        return Skip("the incident is restricted")
    end = f"{settings.BASE_URL}/subscription/end/{end_token(row)}/"
    page = f"{settings.BASE_URL}/status/{row.page.slug}/"
    text = render_to_string("inform/mail/subscriber.txt", {"update": update, "page": row.page, "url": page, "end": end})
    headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    subject = f"{row.page.name}: {_headline(update)}"
    return Parcel("mail", to=row.email, key=job.key, subject=subject, text=text, headers=headers)


@sends("inform.confirm_mail", lane="update")
def confirm_mail(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """'Was it you?', to an address somebody gave."""
    row = Subscriber.objects.select_related("page").filter(pk=job.payload["subscriber"]).first()
    if row is None or row.confirmed_at is not None or row.ended_at is not None:
        return Skip("there is nothing to confirm")
    url = f"{settings.BASE_URL}/subscription/confirm/{confirm_token(row)}/"
    text = render_to_string("inform/mail/confirm.txt", {"page": row.page, "url": url})
    subject = _("Confirm: news of %(name)s by mail") % {"name": row.page.name}
    return Parcel("mail", to=row.email, key=job.key, subject=subject, text=text)
