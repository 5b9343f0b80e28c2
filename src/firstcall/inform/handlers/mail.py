"""Mails: words to people inside and to subscribers, clocks to who speaks, and the one that asks to confirm."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Skip, sends
from firstcall.deliver.models.job import Job
from firstcall.inform.commands.cadence import still_due
from firstcall.inform.commands.subscriber import confirm_token, end_token
from firstcall.inform.models.subscriber import Subscriber
from firstcall.inform.models.update import Audience, Update
from firstcall.journal.spoken import wall
from firstcall.people.models.user import User
from firstcall.respond.models.incident import Incident
from firstcall.respond.rules.wall_time import zone_named


def _headline(update: Update, named: str | None = None) -> str:
    """The state and what it is about, `named` as its readers call it."""
    state, flow = str(update.get_state_display()), update.incident.flow
    what = named or (flow.name if flow else "") or update.text.split(". ")[0].split("\n")[0][:80]
    return f"{state}: {what}"


def _clock(moment: dt.datetime | None, zone: str) -> str:
    """'23:25 CET'."""
    return wall(moment, zone_named(zone)) if moment else ""


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
    if update.audience != Audience.INSIDE:  # who hears as two gets two mails, and must tell them apart
        subject = _("%(subject)s (for %(who)s)") % {
            "subject": subject,
            "who": str(update.get_audience_display()).lower(),
        }
    if incident.practice:
        subject = _("Practice: %(subject)s") % {"subject": subject}
    due = _clock(update.next_due_at, person.zone)
    text = render_to_string("inform/mail/inside.txt", {"update": update, "incident": incident, "url": url, "due": due})
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
    if update.incident.practice:
        return Skip("the incident is practice")
    end = f"{settings.BASE_URL}/subscription/end/{end_token(row)}/"
    page = f"{settings.BASE_URL}/status/{row.page.slug}/"
    due = _clock(update.next_due_at, settings.ENV["FIRSTCALL_ZONE"])
    text = render_to_string("inform/mail/subscriber.txt", {"update": update, "due": due, "url": page, "end": end})
    headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    named = row.page.components.filter(flow=update.incident.flow_id).values_list("name", flat=True).first()
    subject = f"{row.page.name}: {_headline(update, named)}"
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


@sends("inform.clock_mail", lane="update")
def clock_mail(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """'A word is due in 4 minutes', or 'is late'. Nothing when it was sent meanwhile."""
    incident = Incident.objects.get(pk=job.payload["incident"])
    person = User.objects.filter(pk=job.payload["person"], is_active=True).first()
    audience, due_at = job.payload["audience"], dt.datetime.fromisoformat(job.payload["due_at"])
    if person is None:
        return Skip("the account has ended")
    if not still_due(incident, audience, due_at, now=now):
        return Skip("the word was sent")
    names = {"who": str(Audience(audience).label), "at": _clock(due_at, person.zone), "reference": incident.reference}
    if job.payload["late"]:
        subject = _("%(reference)s: %(who)s was promised a word by %(at)s and got none") % names
    else:
        subject = _("%(reference)s: %(who)s hears by %(at)s") % names
    room = f"{settings.BASE_URL}/incidents/{incident.pk}"
    words = "" if incident.restricted else incident.title
    context = {"title": words, "update": f"{room}/update/", "holding": f"{room}/holding/", "late": job.payload["late"]}
    text = render_to_string("inform/mail/clock.txt", context)
    return Parcel("mail", to=person.email, key=job.key, subject=subject, text=text)
