"""Tries to sign in: each is counted before it is looked at, so that many at once don't slip through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import MACHINE
from firstcall.kernel.ids import digest
from firstcall.kernel.refusal import Refused
from firstcall.people.events import SLOWED
from firstcall.people.models.throttle import Throttle
from firstcall.people.models.user import User
from firstcall.people.queries.session import signs_in_from
from firstcall.people.rules.throttle import ACCOUNT, ADDRESS, CODE_MAIL, FORGOTTEN, Limit, wait_after

NO_WAIT = dt.timedelta(0)


def begin_try(*, email: str, address: str, now: dt.datetime) -> str:
    """Count a try with a password. Returns the key of the account for `give_back`; raises Refused with the wait.

    The same for accounts that there are and that there aren't. Where somebody is signed in, tries from elsewhere
    don't slow them: their address has a count of its own.
    """
    email = email.strip().lower()
    account = f"account:{email}"
    if signs_in_from(email, address, now=now):
        account += f"@{address}"
    with transaction.atomic():
        wait, slowed = _take({account: ACCOUNT, f"address:{address}": ADDRESS}, now=now)
        person = User.objects.filter(email=email, is_active=True).first()
        if person is not None and account in slowed:
            record(SLOWED, by=MACHINE, now=now, subject=f"person:{person.pk}", name=person.name)
    _refuse(wait)
    return account


def begin_code(*, person: User, address: str, now: dt.datetime) -> str:
    """The same for a try with a code of the second factor."""
    account = f"factor:{person.pk}"
    with transaction.atomic():
        wait, slowed = _take({account: ACCOUNT, f"address:{address}": ADDRESS}, now=now)
        if account in slowed:
            record(SLOWED, by=MACHINE, now=now, subject=f"person:{person.pk}", name=person.name)
    _refuse(wait)
    return account


def begin_code_mail(*, person: User, now: dt.datetime) -> None:
    """Before a code is mailed to an address a person typed, so that nobody's mailbox is flooded from here."""
    with transaction.atomic():
        wait, _slowed = _take({f"code-mail:{person.pk}": CODE_MAIL}, now=now)
    _refuse(wait)


def give_back(*, account: str, address: str, now: dt.datetime) -> None:
    """The try was good: the account begins anew, the address only gets this one back."""
    with transaction.atomic():
        Throttle.objects.filter(key=digest(account)).delete()
        row = Throttle.objects.filter(key=digest(f"address:{address}"), failures__gt=0)
        row.update(failures=F("failures") - 1, until=now)


def _take(limits: Mapping[str, Limit], *, now: dt.datetime) -> tuple[dt.timedelta, set[str]]:
    """How long still to wait; without a wait the try is counted. And which keys begin to wait by it."""
    keys = {digest(key): key for key in limits}
    Throttle.objects.filter(last_at__lt=now - FORGOTTEN).delete()
    Throttle.objects.bulk_create([Throttle(key=key, last_at=now) for key in sorted(keys)], ignore_conflicts=True)
    rows = list(Throttle.objects.select_for_update().filter(key__in=keys).order_by("key"))
    wait = max((row.until - now for row in rows if row.until is not None), default=NO_WAIT)
    if wait > NO_WAIT:
        return wait, set()
    slowed = set()
    for row in rows:
        limit = limits[keys[row.key]]
        row.failures, row.last_at = row.failures + 1, now
        row.until = now + wait_after(row.failures, limit)
        row.save(update_fields=["failures", "last_at", "until"])
        if row.failures == limit.free + 1:
            slowed.add(keys[row.key])
    return NO_WAIT, slowed


def _refuse(wait: dt.timedelta) -> None:
    if wait <= NO_WAIT:
        return
    seconds = -(-wait // dt.timedelta(seconds=1))
    if seconds < 60:
        words = ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    else:
        minutes = -(-seconds // 60)
        words = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    raise Refused(_("Too many tries. Wait %(time)s, then try again: nothing is locked for good.") % {"time": words})
