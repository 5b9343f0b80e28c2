"""The first account of an installation."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.ids import digest, new_token
from firstcall.kernel.refusal import Gone, Refused
from firstcall.people.events import FIRST_ACCOUNT
from firstcall.people.models.setup import SetupLink
from firstcall.people.models.user import Access, User
from firstcall.people.rules.phone import is_phone

LIVES = dt.timedelta(minutes=30)


def new_setup_link(*, now: dt.datetime) -> str | None:
    """The path of a fresh one-time link; None once there is an account. Earlier links die."""
    with transaction.atomic():
        if User.objects.exists():
            return None
        SetupLink.objects.all().delete()
        token = new_token()
        SetupLink.objects.create(digest=digest(token), until=now + LIVES)
    return f"/welcome/{token}/"


def is_good(*, token: str, now: dt.datetime) -> bool:
    """Whether this link still opens the first page."""
    living = SetupLink.objects.filter(digest=digest(token), until__gt=now, used_at__isnull=True)
    return living.exists() and not User.objects.exists()


def checked_password(password: str, user: User) -> str:
    """The password's hash. Slow on purpose, so never inside a transaction. Raises Refused with what is wrong."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), field="password") from None
    return make_password(password)


def checked_email(email: str) -> str:
    """The address in lower case. Raises Refused when it is none."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(_("That is not a mail address. It looks like name@example.com."), field="email") from None
    return address


def checked_phone(phone: str, *, field: str = "phone") -> str:
    """The number as it is written, or none. Raises Refused for what no telephone dials."""
    number = " ".join(phone.split())
    if number and not is_phone(number):
        sentence = _("“%(given)s” can’t be dialled. Write figures, such as +49 30 1234567.") % {"given": number[:32]}
        raise Refused(sentence, field=field)
    return number[:32]


def make_first_account(*, token: str, name: str, email: str, password: str, zone: str, now: dt.datetime) -> User:
    """The first admin. Raises Gone for a link that is used, too old or late; Refused for input that can't be used."""
    name, address = name.strip(), checked_email(email)
    if not name:
        raise Refused(_("Say what others should call you."), field="name")
    user = User(username=address, email=address, name=name[:120], access=Access.ADMIN, zone=zone)
    user.password = checked_password(password, user)
    with transaction.atomic():
        link = SetupLink.objects.select_for_update().filter(
            digest=digest(token), until__gt=now, used_at__isnull=True
        ).first()  # fmt: skip
        if link is None or User.objects.exists():
            raise Gone(_("This link no longer works."))
        link.used_at = now
        link.save(update_fields=["used_at"])
        user.save()
        record(FIRST_ACCOUNT, by=Actor("person", user.pk, user.name), now=now, subject=f"person:{user.pk}")
    return user
