"""A new password for an account that has one."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password
from django.db import transaction

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.people.events import PASSWORD_CHANGED
from firstcall.people.models.session import Session
from firstcall.people.models.user import User


def change_password(*, person: User, password: str, by: Actor, now: dt.datetime) -> None:
    """The password is checked by its form. Every session ends; the page that changed it begins its own anew."""
    hashed = make_password(password)  # slow on purpose, so never inside a transaction
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(password=hashed)
        Session.objects.filter(user=person).delete()
        entry = record(PASSWORD_CHANGED, by=by, now=now, subject=f"person:{person.pk}")
        plan_job("people.notice", key=f"notice:{entry.pk}", now=now, payload={"person": person.pk, "what": "password"})
    person.password = hashed
