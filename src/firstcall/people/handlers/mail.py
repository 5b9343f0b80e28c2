"""Mails to people about their account."""

from __future__ import annotations

import datetime as dt
import json

from django.conf import settings
from django.utils.translation import gettext as _

from firstcall.deliver.kinds import Parcel, Refusal, Sent, Skip, sends
from firstcall.deliver.models.job import Job
from firstcall.people.commands.invitation import invitation_token
from firstcall.people.models.contact import ContactMethod
from firstcall.people.models.user import User


@sends("people.invitation_mail", lane="update")
def invitation_mail(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """The link by which an invited person chooses a password."""
    person = User.objects.filter(pk=job.payload["person"], is_active=True).first()
    if person is None:
        return Skip("the account has ended")
    url = f"{settings.BASE_URL}/join/{invitation_token(job.key)}/"
    subject = _("%(name)s invites you to Firstcall") % {"name": job.payload["by"]}
    text = _(
        "Hello %(name)s,\n\nwhen something breaks, this is where we meet. Choose a password here:\n%(url)s\n\n"
        "The link works once, for seven days.\n"
    ) % {"name": person.name, "url": url}
    return Parcel("mail", to=person.email, key=job.key, subject=subject, text=text)


def forget_the_words(job: Job, *, now: dt.datetime, result: Sent | Refusal) -> None:
    """A mail of the sign-in pages may hold a secret link: it is not kept once it is sent."""
    Job.objects.filter(pk=job.pk).update(payload={"v": 1})


@sends("people.account_mail", lane="update", settled=forget_the_words)
def account_mail(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """A mail that the sign-in pages composed, such as a password reset."""
    mail = job.payload
    return Parcel("mail", to=mail["to"], key=job.key, subject=mail["subject"], text=mail["text"])


@sends("people.contact_code", lane="update", settled=forget_the_words)
def contact_code(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """The code that proves a way to be reached, sent that way."""
    row = ContactMethod.objects.filter(pk=job.payload["contact"], verified_at__isnull=True).first()
    if row is None:
        return Skip("there is nothing to prove")
    text = _("Your code is %(code)s. It works for half an hour.") % {"code": job.payload["code"]}
    if row.kind == "webhook":
        body = json.dumps({"type": "contact.code", "text": text}).encode()
        return Parcel("webhook", to=row.address, key=job.key, body=body)
    return Parcel("mail", to=row.address, key=job.key, subject=_("Firstcall: your code"), text=text)


@sends("people.notice", lane="update")
def notice(job: Job, *, now: dt.datetime) -> Parcel | Skip:
    """That one's sign-in was changed: whoever did not do it learns of it."""
    person = User.objects.filter(pk=job.payload["person"], is_active=True).first()
    words = {
        "password": _("Your password was changed, and every other session has ended."),
        "on": _("A second factor was turned on: from now on signing in asks for a code."),
        "off": _("Your second factor was turned off: from now on your password alone signs in."),
        "codes": _("New recovery codes were made: the old ones no longer work."),
    }
    said = words.get(job.payload["what"])
    if person is None or said is None:
        return Skip("the account has ended")
    rest = _("If it was not you, choose a new password at once, and tell an admin:")
    text = f"{said}\n\n{rest}\n{settings.BASE_URL}/account/password/reset/\n"
    return Parcel("mail", to=person.email, key=job.key, subject=_("Firstcall: your sign-in was changed"), text=text)
