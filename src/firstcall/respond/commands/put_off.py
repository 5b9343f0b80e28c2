"""Putting a prompt off."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from firstcall.people.models.user import User
from firstcall.respond.models.put_off import PutOff
from firstcall.respond.rules.queue import PUT_OFF_LASTS


def put_off(*, user: User, key: str, fact: str, now: dt.datetime) -> PutOff:
    """Hide a prompt from this person for ten minutes, unless its fact changes. It is a person's own: not journalled."""
    with transaction.atomic():
        row, _made = PutOff.objects.update_or_create(
            user=user, key=key[:120], defaults={"fact": fact[:200], "until": now + PUT_OFF_LASTS}
        )
    return row
