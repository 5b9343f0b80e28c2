"""Inviting people: a link by mail with which they choose a password."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.models.job import Job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE, Actor
from firstcall.kernel.ids import derived_token, digest, new_token
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.commands.factor import drop_factor
from firstcall.people.commands.session import end_sessions
from firstcall.people.commands.setup import checked_email, checked_password, checked_phone
from firstcall.people.events import INVITED, INVITED_AGAIN, JOINED, LET_IN, PASSWORD_CHANGED
from firstcall.people.models.invitation import Invitation
from firstcall.people.models.session import Session
from firstcall.people.models.user import Access, User

LIVES = dt.timedelta(days=7)
RESCUE_LIVES = dt.timedelta(minutes=30)


def invitation_token(invitation_key: str) -> str:
    """The secret of an invitation's link, made again for a repeated mail."""
    return derived_token(settings.DATA_KEY, "invitation", invitation_key)


def invite(*, name: str, email: str, access: str, zone: str, by: Actor, now: dt.datetime, phone: str = "") -> User:
    """An account without a password, and a mail with a link to choose one. Raises Refused."""
    name, address, number = name.strip(), checked_email(email), checked_phone(phone)
    if not name:
        raise Refused(_("Say what others should call this person."), field="name")
    if access not in Access.values:
        raise Refused(_("Choose what this person may do."), field="access")
    nothing = make_password(None)
    with transaction.atomic():
        user, made = User.objects.get_or_create(
            email=address,
            defaults={
                "username": address, "name": name[:120], "access": access, "zone": zone, "password": nothing,
                "phone": number,
            },
        )  # fmt: skip
        if not made and user.is_active:
            raise Refused(_("There is an account with this address already."), field="email")
        if not made:
            sentence = _("%(name)s had an account with this address: open it again, below.") % {"name": user.name}
            raise Refused(sentence, field="email")
        record(
            INVITED, by=by, now=now, subject=f"person:{user.pk}", name=user.name,
            access=str(Access(access).label).lower(),
        )  # fmt: skip
        send_invitation(person=user, by=by, now=now)
    return user


def send_invitation(*, person: User, by: Actor, now: dt.datetime) -> None:
    """A fresh link by mail; links sent before stop working. Inside the caller's transaction."""
    with transaction.atomic():
        Invitation.objects.filter(user=person, used_at__isnull=True, until__gt=now).update(until=now)
        key = f"invitation:{person.pk}:{now.timestamp():.3f}"
        Invitation.objects.create(user=person, digest=digest(invitation_token(key)), until=now + LIVES)
        plan_job("people.invitation_mail", key=key, now=now, payload={"person": person.pk, "by": by.name})


def invite_again(*, person: User, by: Actor, now: dt.datetime) -> None:
    """For who has not joined yet. Raises Refused for who has, and within a minute of the last one."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=person.pk)
        if row.has_usable_password() or not row.is_active:
            raise Refused(_("%(name)s has joined already.") % {"name": row.name})
        if Invitation.objects.filter(user=row, until__gt=now + LIVES - dt.timedelta(minutes=1)).exists():
            raise Refused(_("An invitation was sent just now. Wait a minute before the next."))
        send_invitation(person=row, by=by, now=now)
        record(INVITED_AGAIN, by=by, now=now, subject=f"person:{row.pk}", name=row.name)


def let_in(*, email: str, now: dt.datetime) -> str:
    """For the command line of the server: the path of a link to a new password, for half an hour.

    The second factor is off and every session ended. Raises Refused when there is no such account.
    """
    token = new_token()
    with transaction.atomic():
        person = User.objects.select_for_update().filter(email=email.strip().lower(), is_active=True).first()
        if person is None:
            raise Refused(_("There is no open account with the address %(email)s.") % {"email": email.strip()})
        Invitation.objects.filter(user=person, used_at__isnull=True, until__gt=now).update(until=now)
        Invitation.objects.create(user=person, digest=digest(token), until=now + RESCUE_LIVES)
        record(LET_IN, by=MACHINE, now=now, subject=f"person:{person.pk}", name=person.name)
        if not drop_factor(person=person, by=MACHINE, now=now):
            end_sessions(person=person, by=MACHINE, now=now)
    return f"/join/{token}/"


def invited(*, token: str, now: dt.datetime) -> User | None:
    """Who was invited by this link; None for a link that is no longer good."""
    row = (
        Invitation.objects.filter(digest=digest(token), until__gt=now, used_at__isnull=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    return row.user if row else None


def link_at_hand(*, person: User, now: dt.datetime) -> str:
    """The path of an invited person's link while no mail server is set that would carry it; "" otherwise.

    For whoever may invite, to hand it over by another way. Two statements at most.
    """
    if settings.ENV["EMAIL_URL"] or person.has_usable_password():
        return ""
    sent = Job.objects.filter(kind="people.invitation_mail", payload__person=person.pk).order_by("-pk").first()
    token = invitation_token(sent.key) if sent else ""
    return f"/join/{token}/" if token and invited(token=token, now=now) else ""


def join(*, token: str, password: str, phone: str, now: dt.datetime, zone: str = "") -> User:
    """The invited person's password, telephone number and IANA zone; empty leaves the last two as they are.

    Raises Gone or Refused.
    """
    user = invited(token=token, now=now)
    if user is None:
        raise Gone(_("This link no longer works."))
    hashed, number = checked_password(password, user), checked_phone(phone)
    with transaction.atomic():
        used = Invitation.objects.filter(digest=digest(token), used_at__isnull=True).update(used_at=now)
        if not used:
            raise Gone(_("This link no longer works."))
        user.password, user.phone = hashed, number or user.phone
        user.zone = zone or user.zone
        user.save(update_fields=["password", "phone", "zone"])
        Session.objects.filter(user=user).delete()
        kind = JOINED if user.last_login is None else PASSWORD_CHANGED
        record(kind, by=Actor("person", user.pk, user.name), now=now, subject=f"person:{user.pk}")
    return user
