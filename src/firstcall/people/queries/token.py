"""Finding tokens."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from firstcall.kernel.ids import digest
from firstcall.people.models.token import Token
from firstcall.people.models.user import User


def token_of(secret: str, *, now: dt.datetime) -> Token | None:
    """The living token of a secret, with its person; None for all others alike. One statement."""
    known = Token.objects.filter(digest=digest(secret), ended_at=None, until__gt=now, user__is_active=True)
    return known.select_related("user").first()


def tokens_of(person: User, *, now: dt.datetime) -> QuerySet[Token]:
    """What still opens something, the newest first."""
    return person.tokens.filter(ended_at=None, until__gt=now)
