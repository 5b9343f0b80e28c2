"""The second factor: a code counts once, for all web processes."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.db import transaction

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.people.commands.session import end_sessions
from firstcall.people.events import CODE_USED, CODES_MADE, FACTOR_OFF, FACTOR_ON
from firstcall.people.models.factor import LastCode
from firstcall.people.models.user import User
from firstcall.people.queries.actor import actor_of
from firstcall.people.rules.totp import step_of


def spend_step(*, person: User, step: int) -> bool:
    """Take the time step of a code; False when it, or a newer one, was taken before."""
    with transaction.atomic():
        LastCode.objects.bulk_create([LastCode(user=person, step=-1)], ignore_conflicts=True)
        return LastCode.objects.filter(user=person, step__lt=step).update(step=step) == 1


def use_code(*, person: User, code: str, now: dt.datetime) -> Authenticator | None:
    """The factor that this code is good for, the code spent; None for a wrong or spent one."""
    for factor in Authenticator.objects.filter(user=person).order_by("-type"):  # the app before recovery codes
        if factor.type == Authenticator.Type.TOTP:
            step = step_of(decrypt(factor.data["secret"]), code, now=now)
            if step is not None:
                return factor if spend_step(person=person, step=step) else None
            continue
        with transaction.atomic():
            if factor.wrap().validate_code(code):
                record(CODE_USED, by=actor_of(person), now=now, subject=f"person:{person.pk}")
                return factor
    return None


def note_change(*, person: User, what: str, now: dt.datetime) -> None:
    """Write down, and tell the person, that their second factor is 'on', 'off', or has new 'codes'."""
    kinds = {"on": FACTOR_ON, "off": FACTOR_OFF, "codes": CODES_MADE}
    with transaction.atomic():
        entry = record(kinds[what], by=actor_of(person), now=now, subject=f"person:{person.pk}", name=person.name)
        plan_job("people.notice", key=f"notice:{entry.pk}", now=now, payload={"person": person.pk, "what": what})


def drop_factor(*, person: User, by: Actor, now: dt.datetime) -> bool:
    """For who lost theirs: the password alone signs in until a new one is set up. All sessions end; False without."""
    with transaction.atomic():
        if not Authenticator.objects.filter(user=person).delete()[0]:
            return False
        entry = record(FACTOR_OFF, by=by, now=now, subject=f"person:{person.pk}", name=person.name)
        plan_job("people.notice", key=f"notice:{entry.pk}", now=now, payload={"person": person.pk, "what": "off"})
        end_sessions(person=person, by=by, now=now)
    return True
