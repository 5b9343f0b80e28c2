"""Tokens for programs: made, ended, noted as used."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.ids import digest, new_api_token
from firstcall.kernel.refusal import Refused
from firstcall.people.events import TOKEN_ENDED, TOKEN_MADE
from firstcall.people.models.token import Scope, Token
from firstcall.people.models.user import User

MOST = 10
DAYS = (30, 90, 365)
NOTED = dt.timedelta(hours=1)  # a use is noted at most once in this time: reading must not write


def make_token(*, person: User, name: str, scope: str, days: int, by: Actor, now: dt.datetime) -> tuple[Token, str]:
    """A token and its secret, which is told this once. Raises Refused."""
    name = " ".join(name.split())[:60]
    if not name:
        raise Refused(_("Say what it is for, such as 'deploy script'."), field="name")
    if scope not in Scope.values:
        raise Refused(_("Choose what it may do."), field="scope")
    if days not in DAYS:
        raise Refused(_("Choose how long it lives."), field="days")
    secret = new_api_token()
    with transaction.atomic():
        if person.tokens.filter(ended_at=None, until__gt=now).count() >= MOST:
            raise Refused(_("Ten tokens are enough: end one first."), field="name")
        row = Token.objects.create(
            user=person, name=name, scope=scope, digest=digest(secret), hint=f"…{secret[-4:]}", created_at=now,
            until=now + dt.timedelta(days=days),
        )  # fmt: skip
        record(TOKEN_MADE, by=by, now=now, subject=f"person:{person.pk}", name=name, scope=scope)
    return row, secret


def end_token(*, token: Token, by: Actor, now: dt.datetime) -> None:
    """It opens nothing any more. Ending it twice changes nothing."""
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, ended_at=None).update(ended_at=now):
            record(TOKEN_ENDED, by=by, now=now, subject=f"person:{token.user_id}", name=token.name)


def note_use(*, token: Token, now: dt.datetime) -> None:
    """Keep, to the hour, when it was last used."""
    if token.used_at is None or now - token.used_at > NOTED:
        Token.objects.filter(pk=token.pk).update(used_at=now)
