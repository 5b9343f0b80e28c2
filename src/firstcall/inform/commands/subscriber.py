"""Asking to be told, confirming it, and ending it."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.inform.events import SUBSCRIBER_CONFIRMED, SUBSCRIBER_ENDED
from firstcall.inform.models.status_page import StatusPage
from firstcall.inform.models.subscriber import Subscriber
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.ids import derived_token, digest
from firstcall.kernel.refusal import Refused

AGAIN = dt.timedelta(hours=1)  # at most one confirmation mail an hour and address


def confirm_token(subscriber: Subscriber) -> str:
    """The secret of the link that confirms."""
    return derived_token(settings.DATA_KEY, "confirm", subscriber.page_id, subscriber.email, subscriber.nonce)


def end_token(subscriber: Subscriber) -> str:
    """The secret of the link that ends it."""
    return derived_token(settings.DATA_KEY, "end", subscriber.page_id, subscriber.email, subscriber.nonce)


def ask_to_subscribe(*, page: StatusPage, email: str, now: dt.datetime) -> None:
    """Send a confirmation mail, unless one went out within the hour. Says nothing of whether the address is known.

    Raises Refused for what is no address.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(_("That is not a mail address. It looks like name@example.com."), field="email") from None
    with transaction.atomic():
        row = Subscriber.objects.select_for_update().filter(page=page, email=address).first()
        if row is None:
            row = Subscriber(page=page, email=address, nonce=secrets.token_hex(16), asked_at=now)
        if row.confirmed_at is not None and row.ended_at is None:
            return
        if row.mailed_at is not None and now - row.mailed_at < AGAIN:
            return
        if row.ended_at is not None:
            row.nonce, row.ended_at, row.confirmed_at = secrets.token_hex(16), None, None
        row.mailed_at = now
        row.confirm_digest, row.end_digest = digest(confirm_token(row)), digest(end_token(row))
        row.save()
        plan_job(
            "inform.confirm_mail",
            key=f"subscriber:{row.pk}:confirm:{now.timestamp():.0f}",
            now=now,
            payload={"subscriber": row.pk},
        )


def confirm(*, token: str, now: dt.datetime) -> Subscriber | None:
    """The subscriber of a confirmation link, confirmed; None for any link that is not good (any more)."""
    with transaction.atomic():
        rows = Subscriber.objects.select_for_update().select_related("page")
        row = rows.filter(confirm_digest=digest(token), ended_at__isnull=True).first()
        if row is not None and row.confirmed_at is None:
            row.confirmed_at = now
            row.save(update_fields=["confirmed_at"])
            record(SUBSCRIBER_CONFIRMED, by=MACHINE, now=now, subject=f"status_page:{row.page_id}", name=row.page.name)
        return row


def end(*, token: str, now: dt.datetime) -> bool:
    """End the subscription of this link; False for a link that was never good. Ending twice is fine."""
    with transaction.atomic():
        row = Subscriber.objects.select_related("page").filter(end_digest=digest(token)).first()
        if row is None:
            return False
        if Subscriber.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=now):
            record(SUBSCRIBER_ENDED, by=MACHINE, now=now, subject=f"status_page:{row.page_id}", name=row.page.name)
        return True
