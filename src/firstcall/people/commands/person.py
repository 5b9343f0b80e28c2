"""Changing what people may do, closing and opening accounts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.clock import zones
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.invitation import send_invitation
from firstcall.people.commands.session import end_sessions
from firstcall.people.commands.setup import checked_email, checked_phone
from firstcall.people.events import (
    ACCESS_CHANGED,
    DEACTIVATED,
    PEOPLE_ADDED,
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


@dataclass(frozen=True, slots=True)
class NewPerson:
    """`mails` are further ways to be reached, which count once their person has typed in a code."""

    name: str
    email: str
    access: str
    zone: str
    phone: str = ""
    mails: tuple[str, ...] = ()


def add_people(*, people: Sequence[NewPerson], by: Actor, now: dt.datetime) -> list[User]:
    """Accounts that nobody is told of: without a password, to be invited when the time has come.

    The number of statements doesn't grow with them. Raises Refused, and nobody is added.
    """
    if not people:
        return []
    addresses = [checked_email(one.email) for one in people]
    if any(not one.name.strip() for one in people):
        raise Refused(_("Say what others should call this person."), field="name")
    if any(one.access not in Access.values or one.access == Access.ADMIN for one in people):
        raise Refused(_("Choose what this person may do."), field="access")
    nothing = make_password(None)
    with transaction.atomic():
        if len(set(addresses)) < len(addresses) or User.objects.filter(email__in=addresses).exists():
            raise Refused(_("There is an account with this address already."), field="email")
        users = User.objects.bulk_create(
            [
                User(
                    username=address, email=address, name=one.name.strip()[:120], access=one.access, zone=one.zone,
                    password=nothing, phone=one.phone[:32],
                )
                for address, one in zip(addresses, people, strict=True)
            ]
        )  # fmt: skip
        ContactMethod.objects.bulk_create(
            [
                ContactMethod(user=user, kind=ContactKind.MAIL, address=mail, position=place)
                for user, one in zip(users, people, strict=True)
                for place, mail in enumerate(one.mails)
            ]
        )
        record(
            PEOPLE_ADDED, by=by, now=now, subject="people:0", n=len(users), people=[user.pk for user in users],
            names=", ".join(user.name for user in users[:20]) + ("…" if len(users) > 20 else ""),
        )  # fmt: skip
    return users


def note_ways(*, ways: Sequence[tuple[User, str, Sequence[str]]], by: Actor, now: dt.datetime) -> None:
    """How else people are reached, as another system has it: a number for who has none, and mail addresses.

    Addresses count once their person has typed in a code; nobody is sent one. The number of statements doesn't grow
    with the people. Raises Refused for more ways than one may have.
    """
    if not ways:
        return
    users = [user for user, _phone, _mails in ways]
    with transaction.atomic():
        known: dict[int, set[str]] = {user.pk: set() for user in users}
        for user, address in ContactMethod.objects.filter(user__in=users).values_list("user", "address"):
            known[user].add(address)
        rows = []
        for person, phone, mails in ways:
            person.phone = person.phone or phone[:32]
            fresh = [mail for mail in mails if mail not in known[person.pk]]
            if fresh and len(known[person.pk]) + len(fresh) > MOST:
                raise Refused(_("Five ways are enough: remove one first."), field="address")
            for place, mail in enumerate(fresh, len(known[person.pk])):
                rows.append(ContactMethod(user=person, kind=ContactKind.MAIL, address=mail, position=place))
        User.objects.bulk_update(users, ["phone"])
        ContactMethod.objects.bulk_create(rows)
        record(
            WAYS_NOTED, by=by, now=now, subject="people:0", n=len(users), people=[user.pk for user in users],
            names=", ".join(user.name for user in users[:20]) + ("…" if len(users) > 20 else ""),
        )  # fmt: skip


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
    if zone not in zones():
        raise Refused(_("Choose a time zone from the list, such as Europe/Berlin."), field="zone")
    number = checked_phone(phone)
    with transaction.atomic():
        said: dict[str, str | bool] = {"name": name.strip()[:120], "phone": number, "zone": zone}
        said |= {} if confirm_mail is None else {"confirm_mail": confirm_mail}
        User.objects.filter(pk=person.pk).update(**said)
        record(PROFILE_CHANGED, by=by, now=now, subject=f"person:{person.pk}")
