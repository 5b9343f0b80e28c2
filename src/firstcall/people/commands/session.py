"""Ending sign-ins. A session that is gone opens nothing from that moment on; its live views close at once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Gone
from firstcall.people.events import SESSION_ENDED, SESSIONS_ENDED
from firstcall.people.models.session import Session
from firstcall.people.models.user import User


def end_session(*, person: User, handle: str, by: Actor, now: dt.datetime) -> None:
    """One of a person's sessions, by the name a page gave it. Raises Gone when there is none of that name."""
    with transaction.atomic():
        living = Session.objects.filter(user=person, expire_date__gt=now)
        keys = [row.session_key for row in living if row.handle == handle]
        if not keys or not Session.objects.filter(session_key__in=keys).delete()[0]:
            raise Gone(_("That session has ended already."))
        record(SESSION_ENDED, by=by, now=now, subject=f"person:{person.pk}", name=person.name)


def end_sessions(*, person: User, by: Actor, now: dt.datetime, keep: str | None = None) -> int:
    """All sessions of a person but the one with the key `keep`; how many were living."""
    with transaction.atomic():
        rows = Session.objects.filter(user=person).exclude(session_key=keep)
        living = rows.filter(expire_date__gt=now).count()
        rows.delete()
        if living:
            record(SESSIONS_ENDED, by=by, now=now, subject=f"person:{person.pk}", name=person.name, n=living)
    return living
