"""Inviting people and changing what they may do."""

from __future__ import annotations

import datetime as dt
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.ids import derived_token, digest
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.commands.setup import checked_email, checked_password
from firstcall.people.events import ACCESS_CHANGED, DEACTIVATED, INVITED, JOINED, PROFILE_CHANGED
from firstcall.people.models.invitation import Invitation
from firstcall.people.models.user import Access, User

LIVES = dt.timedelta(days=7)


def invitation_token(invitation_key: str) -> str:
    """The secret of an invitation's link, made again for a repeated mail."""
    return derived_token(settings.DATA_KEY, "invitation", invitation_key)


def invite(*, name: str, email: str, access: str, zone: str, by: Actor, now: dt.datetime) -> User:
    """An account without a password, and a mail with a link to choose one. Raises Refused."""
    name, address = name.strip(), checked_email(email)
    if not name:
        raise Refused(_("Say what others should call this person."), field="name")
    if access not in Access.values:
        raise Refused(_("Choose what this person may do."), field="access")
    nothing = make_password(None)
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            raise Refused(_("There is an account with this address already."), field="email")
        user = User.objects.create(
            username=address, email=address, name=name[:120], access=access, zone=zone, password=nothing
        )
        record(
            INVITED, by=by, now=now, subject=f"person:{user.pk}", name=user.name,
            access=str(Access(access).label).lower(),
        )  # fmt: skip
        key = f"invitation:{user.pk}:{now.timestamp():.3f}"
        Invitation.objects.create(user=user, digest=digest(invitation_token(key)), until=now + LIVES)
        plan_job("people.invitation_mail", key=key, now=now, payload={"person": user.pk, "by": by.name})
    return user


def invited(*, token: str, now: dt.datetime) -> User | None:
    """Who was invited by this link; None for a link that is no longer good."""
    row = (
        Invitation.objects.filter(digest=digest(token), until__gt=now, used_at__isnull=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    return row.user if row else None


def join(*, token: str, password: str, phone: str, now: dt.datetime) -> User:
    """The invited person's password and telephone number. Raises Gone or Refused."""
    user = invited(token=token, now=now)
    if user is None:
        raise Gone(_("This link no longer works."))
    hashed = checked_password(password, user)
    with transaction.atomic():
        used = Invitation.objects.filter(digest=digest(token), used_at__isnull=True).update(used_at=now)
        if not used:
            raise Gone(_("This link no longer works."))
        user.password, user.phone = hashed, phone.strip()[:32]
        user.save(update_fields=["password", "phone"])
        record(JOINED, by=Actor("person", user.pk, user.name), now=now, subject=f"person:{user.pk}")
    return user


def _keep_an_admin(person: User) -> None:
    others = User.objects.filter(access=Access.ADMIN, is_active=True).exclude(pk=person.pk)
    if person.access == Access.ADMIN and not others.exists():
        raise Refused(_("This is the last admin: make somebody else an admin first."))


def change_access(*, person: User, access: str, by: Actor, now: dt.datetime) -> None:
    """What a person may do from now on; their open live views are asked again. Raises Refused for the last admin."""
    if access not in Access.values:
        raise Refused(_("Choose what this person may do."), field="access")
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=person.pk)
        if access != Access.ADMIN:
            _keep_an_admin(row)
        row.access = access
        row.save(update_fields=["access"])
        label = str(Access(access).label).lower()
        record(ACCESS_CHANGED, by=by, now=now, subject=f"person:{row.pk}", name=row.name, access=label)


def close_account(*, person: User, by: Actor, now: dt.datetime) -> None:
    """The person can no longer sign in and is paged no more; what they did stays. Raises Refused for the last admin."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=person.pk)
        _keep_an_admin(row)
        row.is_active = False
        row.save(update_fields=["is_active"])
        record(DEACTIVATED, by=by, now=now, subject=f"person:{row.pk}", name=row.name)


def change_profile(*, person: User, name: str, phone: str, zone: str, by: Actor, now: dt.datetime) -> None:
    """One's own name, telephone number and time zone. Raises Refused."""
    if not name.strip():
        raise Refused(_("Say what others should call you."), field="name")
    if zone not in available_timezones():
        raise Refused(_("Choose a time zone from the list, such as Europe/Berlin."), field="zone")
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(name=name.strip()[:120], phone=phone.strip()[:32], zone=zone)
        record(PROFILE_CHANGED, by=by, now=now, subject=f"person:{person.pk}")
