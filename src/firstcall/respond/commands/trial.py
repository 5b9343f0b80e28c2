"""Sending oneself, or a colleague, a test page, and answering it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.deliver.commands.job import plan_job
from firstcall.journal.commands.entry import record
from firstcall.kernel.actor import Actor
from firstcall.kernel.ids import derived_token, digest, new_token
from firstcall.kernel.refusal import Refused
from firstcall.people.models.user import User
from firstcall.people.queries.contact import ways_of
from firstcall.respond import events
from firstcall.respond.models.trial import Trial
from firstcall.respond.queries.trial import LIVES

REST = dt.timedelta(minutes=1)


def trial_token(trial: Trial) -> str:
    """The secret in the link: made again from the data key, so that a repeated send carries the same link."""
    return derived_token(settings.DATA_KEY, trial.key, trial.nonce)


def send_trial(*, user: User, by: Actor, now: dt.datetime) -> list[Trial]:
    """A page marked as a test over every way the person is paged. Raises Refused within a minute of the last one."""
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if not row.is_active:
            raise Refused(_("The account is closed: nobody would read it."))
        if Trial.objects.filter(user=row, planned_at__gt=now - REST).exists():
            raise Refused(_("A test page was sent just now. Wait a minute before the next."))
        made = [
            _plan(row, way.channel, way.address, key=f"{row.pk}:{now.timestamp():.3f}:{way.name}", now=now)
            for way in ways_of(row)
        ]
        record(events.TRIAL_SENT, by=by, now=now, subject=f"person:{row.pk}", user=row.name)
    return made


def _plan(user: User, channel: str, address: str, *, key: str, now: dt.datetime) -> Trial:
    nonce = new_token()
    trial = Trial.objects.create(
        user=user, channel=channel, address=address, key=key, nonce=nonce, planned_at=now,
        token_digest=digest(derived_token(settings.DATA_KEY, key, nonce)),
    )  # fmt: skip
    plan_job("respond.trial", key=f"trial:{key}", now=now, payload={"trial": trial.pk}, subject=f"person:{user.pk}")
    return trial


def answer_trial(*, trial: Trial, by: Actor, now: dt.datetime) -> None:
    """It arrived. Answering again changes nothing. Raises Refused after 24 hours."""
    if trial.planned_at <= now - LIVES:
        raise Refused(_("This test page is older than a day: send a new one."))
    with transaction.atomic():
        if not Trial.objects.filter(pk=trial.pk, answered_at=None).update(answered_at=now):
            return
        seconds = max(0, int((now - trial.planned_at).total_seconds()))
        record(
            events.TRIAL_ANSWERED, by=by, now=now, subject=f"person:{trial.user_id}", user=trial.user.name,
            seconds=seconds, channel=trial.channel,
        )  # fmt: skip


def note_trial(*, trial: Trial, now: dt.datetime, reason: str = "") -> None:
    """The provider took it or, with `reason`, said no for good."""
    if reason:
        Trial.objects.filter(pk=trial.pk).update(reason=reason)
    else:
        Trial.objects.filter(pk=trial.pk, sent_at=None).update(sent_at=now)
