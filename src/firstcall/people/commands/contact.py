"""Ways to be reached: added, proved, removed."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.deliver.transport import Unreachable, check_url
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.ids import digest
from firstcall.kernel.refusal import Refused
from firstcall.people.commands.setup import checked_email
from firstcall.people.commands.throttle import begin_code_mail
from firstcall.people.events import CONTACT_ADDED, CONTACT_REMOVED, CONTACT_VERIFIED
from firstcall.people.models.contact import ContactKind, ContactMethod
from firstcall.people.models.user import User

LIVES = dt.timedelta(minutes=30)
MOST = 5  # ways
TRIES = 5


def add_contact(*, person: User, kind: str, address: str, label: str, by: Actor, now: dt.datetime) -> ContactMethod:
    """A way that counts once its person has typed the code sent there. Raises Refused."""
    address = _checked(kind, address)
    begin_code_mail(person=person, now=now)
    with transaction.atomic():
        if person.contact_methods.count() >= MOST:
            raise Refused(_("Five ways are enough: remove one first."), field="address")
        if person.contact_methods.filter(kind=kind, address=address).exists():
            raise Refused(_("This way is there already."), field="address")
        row = ContactMethod.objects.create(
            user=person, kind=kind, address=address, label=label.strip()[:60], position=person.contact_methods.count()
        )
        record(CONTACT_ADDED, by=by, now=now, subject=f"person:{person.pk}", label=str(row))
        _send_code(row, now=now)
    return row


def send_code_again(*, contact: ContactMethod, now: dt.datetime) -> None:
    """A fresh code; the one before no longer counts. Raises Refused after too many in a short time."""
    begin_code_mail(person=contact.user, now=now)
    with transaction.atomic():
        row = ContactMethod.objects.select_for_update().filter(pk=contact.pk, verified_at__isnull=True).first()
        if row is None:
            raise Refused(_("There is nothing to verify any more."))
        _send_code(row, now=now)


def _send_code(row: ContactMethod, *, now: dt.datetime) -> None:
    code = f"{secrets.randbelow(1_000_000):06d}"
    row.code_digest, row.code_until, row.tries = digest(f"{row.user_id}:{code}"), now + LIVES, 0
    row.save(update_fields=["code_digest", "code_until", "tries"])
    plan_job(
        "people.contact_code", key=f"contact:{row.pk}:{now.timestamp():.3f}", now=now,
        payload={"contact": row.pk, "code": code},
    )  # fmt: skip


def _checked(kind: str, address: str) -> str:
    if kind == ContactKind.MAIL:
        return checked_email(address)
    if kind != ContactKind.WEBHOOK:
        raise Refused(_("Choose mail or webhook."), field="kind")
    try:
        check_url(address.strip())
    except Unreachable as error:
        raise Refused(str(error), field="address") from None
    return address.strip()


def verify_contact(*, contact: ContactMethod, code: str, by: Actor, now: dt.datetime) -> None:
    """Counts from now on. Raises Refused for a wrong or old code; after five wrong ones the code is worth nothing."""
    with transaction.atomic():
        row = ContactMethod.objects.select_for_update().get(pk=contact.pk)
        alive = row.code_until is not None and row.code_until >= now and row.tries < TRIES
        good = alive and row.code_digest == digest(f"{row.user_id}:{code.strip()}")
        if good:
            row.verified_at, row.code_digest, row.code_until, row.tries = now, "", None, 0
            record(CONTACT_VERIFIED, by=by, now=now, subject=f"person:{row.user_id}", label=str(row))
        else:
            row.tries = min(row.tries + 1, TRIES)
        row.save(update_fields=["verified_at", "code_digest", "code_until", "tries"])
    # After the transaction: a wrong try is counted, though it is refused.
    if not good and row.verified_at is not None:
        raise Refused(_("This way is verified already."), field="code")
    if not good and row.tries >= TRIES:
        raise Refused(_("Five wrong codes: ask for a new one."), field="code")
    if not good:
        raise Refused(_("That is not the code, or it is older than half an hour."), field="code")


def remove_contact(*, contact: ContactMethod, by: Actor, now: dt.datetime) -> None:
    """Pages go there no more."""
    with transaction.atomic():
        label, person = str(contact), contact.user_id
        contact.delete()
        record(CONTACT_REMOVED, by=by, now=now, subject=f"person:{person}", label=label)
