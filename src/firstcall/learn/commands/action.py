"""Actions: added, done, moved."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from firstcall.journal.commands.entry import record
from firstcall.journal.spoken import organisation_zone
from firstcall.kernel.actor import Actor
from firstcall.kernel.refusal import Refused
from firstcall.learn.events import ACTION_ADDED, ACTION_DONE, ACTION_MOVED
from firstcall.learn.models.action import Action
from firstcall.learn.models.postmortem import Finding, Postmortem
from firstcall.people.models.user import User


def add_action(
    *,
    postmortem: Postmortem,
    what: str,
    owner: User | None,
    due: dt.date | None,
    by: Actor,
    now: dt.datetime,
    finding: Finding | None = None,
) -> Action:
    """Somebody will do something until a day. Raises Refused without what, who or when."""
    if not what.strip():
        raise Refused(_("Write what will be done."), field="what")
    if owner is None or not owner.is_active:
        raise Refused(_("Choose who does it: what everybody owns, nobody does."), field="owner")
    if due is None:
        raise Refused(_("Give a day until which it is done."), field="due")
    _is_to_come(due, now=now)
    with transaction.atomic():
        row = Action.objects.create(
            postmortem=postmortem, finding=finding, what=what.strip()[:300], owner=owner, due=due
        )
        record(
            ACTION_ADDED, by=by, now=now, subject=f"action:{row.pk}", incident=postmortem.incident_id,
            owner=owner.name, due=due.isoformat(), what=row.what,
        )  # fmt: skip
    return row


def _is_to_come(due: dt.date, *, now: dt.datetime) -> None:
    """Today counts, by the organisation's clock."""
    if due < now.astimezone(organisation_zone()).date():
        raise Refused(_("Choose a day that is still to come."), field="due")


def complete_action(*, action: Action, by: Actor, now: dt.datetime) -> None:
    """It is done; saying so twice changes nothing."""
    with transaction.atomic():
        if Action.objects.filter(pk=action.pk, done_at__isnull=True).update(done_at=now):
            incident = action.postmortem.incident_id
            record(ACTION_DONE, by=by, now=now, subject=f"action:{action.pk}", incident=incident, what=action.what)


def move_action(*, action: Action, due: dt.date, by: Actor, now: dt.datetime) -> None:
    """Another day. Raises Refused for one that is over."""
    _is_to_come(due, now=now)
    with transaction.atomic():
        Action.objects.filter(pk=action.pk).update(due=due)
        record(
            ACTION_MOVED, by=by, now=now, subject=f"action:{action.pk}", incident=action.postmortem.incident_id,
            due=due.isoformat(), what=action.what,
        )  # fmt: skip
