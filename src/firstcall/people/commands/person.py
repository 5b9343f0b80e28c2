"""Changing what people may do, closing and opening accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import available_timezones

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.invitation import send_invitation
from firstcall.people.commands.session import end_sessions
from firstcall.people.commands.setup import checked_email
from firstcall.people.events import (
    ACCESS_CHANGED,
    DEACTIVATED,
    PERSON_ADDED,
    PROFILE_CHANGED,
    RETURNED,
    WAYS_NOTED,
)
from firstcall.people.models.contact import ContactKind, ContactMethod
from firstcall.people.models.user import Access, User

MOST = 5  # ways to be reached


def _locked(person: User) -> tuple[User, bool]:
    """The person's row, and whether they are the last admin. All admins are locked, always in the same order: of two
    who leave at once the second sees that the first has gone."""
    admins = User.objects.select_for_update().filter(access=Access.ADMIN, is_active=True).order_by("pk")
    numbers = [admin.pk for admin in admins]
    row = User.objects.select_for_update().get(pk=person.pk)
    return row, numbers == [row.pk]


def _keep(last: bool) -> None:
    if last:
        raise Refused(_("This is the last admin: make somebody else an admin first."))


def add_person(
    *,
    name: str,
    email: str,
    access: str,
    zone: str,
    by: Actor,
    now: dt.datetime,
    phone: str = "",
    mails: Sequence[str] = (),
) -> User:
    """An account that nobody is told of: it has no password, and an invitation can be sent when the time has come.

    `mails` are further ways to be reached, which count once their person has typed in a code. Raises Refused.
    """
    address = checked_email(email)
    if not name.strip():
        raise Refused(_("Say what others should call this person."), field="name")
    if access not in Access.values or access == Access.ADMIN:
        raise Refused(_("Choose what this person may do."), field="access")
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            raise Refused(_("There is an account with this address already."), field="email")
        person = User.objects.create(
            username=address, email=address, name=name.strip()[:120], access=access, zone=zone,
            password=make_password(None), phone=phone[:32],
        )  # fmt: skip
        _add_mails(person, mails)
        label = str(Access(access).label).lower()
        record(PERSON_ADDED, by=by, now=now, subject=f"person:{person.pk}", name=person.name, access=label)
    return person


def _add_mails(person: User, mails: Sequence[str]) -> None:
    kind, first = ContactKind.MAIL, person.contact_methods.count()
    ContactMethod.objects.bulk_create(
        [ContactMethod(user=person, kind=kind, address=one, position=first + n) for n, one in enumerate(mails)]
    )


def note_ways(*, person: User, phone: str, mails: Sequence[str], by: Actor, now: dt.datetime) -> None:
    """How else somebody is reached, as another system has it: a number if they have none, and mail addresses.

    Addresses count once their person has typed in a code; nobody is sent one. Raises Refused for too many.
    """
    with transaction.atomic():
        known = set(person.contact_methods.filter(kind=ContactKind.MAIL).values_list("address", flat=True))
        fresh = [mail for mail in mails if mail not in known]
        if len(known) + len(fresh) > MOST:
            raise Refused(_("Five ways are enough: remove one first."), field="address")
        if phone and not person.phone:
            person.phone = phone[:32]
            person.save(update_fields=["phone"])
        _add_mails(person, fresh)
        record(WAYS_NOTED, by=by, now=now, subject=f"person:{person.pk}", name=person.name)


def change_access(*, person: User, access: str, by: Actor, now: dt.datetime) -> None:
    """What a person may do from now on; their open live views are asked again. Raises Refused for the last admin."""
    if access not in Access.values:
        raise Refused(_("Choose what this person may do."), field="access")
    with transaction.atomic():
        row, last = _locked(person)
        if row.access == access:
            return
        _keep(last)
        row.access = access
        row.save(update_fields=["access"])
        label = str(Access(access).label).lower()
        record(ACCESS_CHANGED, by=by, now=now, subject=f"person:{row.pk}", name=row.name, access=label)


def close_account(*, person: User, by: Actor, now: dt.datetime) -> None:
    """Signed out everywhere at once and paged no more; what they did stays. Raises Refused for the last admin."""
    with transaction.atomic():
        row, last = _locked(person)
        if not row.is_active:
            return
        _keep(last)
        row.is_active = False
        row.save(update_fields=["is_active"])
        record(DEACTIVATED, by=by, now=now, subject=f"person:{row.pk}", name=row.name)
        end_sessions(person=row, by=by, now=now)


def reopen_account(*, person: User, by: Actor, now: dt.datetime) -> None:
    """Back with the access they had. The old password opens nothing: a link by mail lets them choose a new one."""
    nothing = make_password(None)
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=person.pk)
        if row.is_active:
            return
        row.is_active, row.password = True, nothing
        row.save(update_fields=["is_active", "password"])
        record(RETURNED, by=by, now=now, subject=f"person:{row.pk}", name=row.name)
        send_invitation(person=row, by=by, now=now)


def change_profile(
    *, person: User, name: str, phone: str, zone: str, by: Actor, now: dt.datetime, confirm_mail: bool | None = None
) -> None:
    """One's own name, number and zone, and whether the weekly mail comes (None: as before). Raises Refused."""
    if not name.strip():
        raise Refused(_("Say what others should call you."), field="name")
    if zone not in available_timezones():
        raise Refused(_("Choose a time zone from the list, such as Europe/Berlin."), field="zone")
    with transaction.atomic():
        said: dict[str, str | bool] = {"name": name.strip()[:120], "phone": phone.strip()[:32], "zone": zone}
        said |= {} if confirm_mail is None else {"confirm_mail": confirm_mail}
        User.objects.filter(pk=person.pk).update(**said)
        record(PROFILE_CHANGED, by=by, now=now, subject=f"person:{person.pk}")
