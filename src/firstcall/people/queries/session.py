"""Where somebody is signed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from firstcall.people.models.session import Session
from firstcall.people.models.user import User
from firstcall.people.rules.device import device_of


@dataclass(frozen=True, slots=True)
class SignIn:
    """`began` and `seen` are in UTC, None where nothing was noted; `here` marks the session that asks."""

    handle: str
    browser: str
    system: str
    address: str
    began: dt.datetime | None
    seen: dt.datetime | None
    here: bool


def sign_ins_of(person: User, *, now: dt.datetime, here: str | None = None) -> list[SignIn]:
    """Living sessions, the one with the key `here` first, then the last seen first. One statement."""
    rows = Session.objects.filter(user=person, expire_date__gt=now).order_by("-seen_at", "session_key")
    found = [
        SignIn(row.handle, *device_of(row.agent), row.address, row.began_at, row.seen_at, row.session_key == here)
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.here)


def signs_in_from(email: str, address: str, *, now: dt.datetime) -> bool:
    """Whether the account of this mail address is signed in from there now. One statement."""
    return Session.objects.filter(
        user__email=email.strip().lower(), user__is_active=True, address=address, expire_date__gt=now
    ).exists()
